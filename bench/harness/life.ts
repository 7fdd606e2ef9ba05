import { hostname } from 'node:os'
import type { Config } from '../../src/core/config/schema.ts'
import { TARGETS, type Target } from '../../src/core/contracts/features.ts'
import { silentReporter } from '../../src/core/report.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import { liveThrough, type ReplayedRun } from '../../src/app/run/replay-run.ts'
import { openFeedClient } from '../../src/data/gbfs/feed-client.ts'
import type { ReplayFault } from '../../src/data/lake/replay/faults.ts'
import { trainModel } from '../../src/model/training/train.ts'
import type { JobRunReport } from '../../src/operations/scheduler/job-runner.ts'
import { deployToStage } from '../../src/operations/release/deploy-to-stage.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { config } from './platform.ts'

/** A life of a city in a bench. */
export interface Life {
  readonly city: string
  readonly lake: Platform
  readonly recording: Platform
  readonly from?: EpochSeconds
  readonly until: EpochSeconds
  readonly faults?: readonly ReplayFault[]
  readonly settings?: Config
  readonly setNow: (now: EpochSeconds) => void
  readonly onTick?: (now: EpochSeconds, ran: readonly JobRunReport[]) => void
}

/** Lives through a recording as `bikeshare run --replay` does. Throws for a job that failed without a fault planted. */
export async function live(life: Life): Promise<ReplayedRun> {
  const client = openFeedClient({ allowPrivate: true, retries: 0 })
  const { onTick, ...common } = life
  try {
    return await liveThrough({
      ...common,
      settings: life.settings ?? config,
      client,
      holder: { host: hostname(), pid: process.pid },
      wall: () => Math.floor(Date.now() / 1000),
      elapsedMs: () => performance.now(),
      report: silentReporter,
      signal: new AbortController().signal,
      onTick: async (now, ran) => {
        const failed = ran.find(({ error }) => error !== null)
        if (failed && !life.faults) throw new Error(`${failed.job} failed: ${failed.error}`)
        onTick?.(now, ran)
      },
    })
  } finally {
    await client.close()
  }
}

/** Trains a model for each target on what is there before `until`, and puts it into production. */
export async function trainAndDeploy(
  lake: Platform,
  city: string,
  until: EpochSeconds,
  o: { readonly rounds: number; readonly targets?: readonly Target[] },
): Promise<void> {
  for (const target of o.targets ?? TARGETS) {
    const params = { num_round: o.rounds }
    const { manifest } = await trainModel(lake, {
      city,
      target,
      until,
      params,
      now: until,
      report: silentReporter,
    })
    const { group, version } = manifest
    const deployment = { stage: 'prod', city, target, group, version, serve: config.serve } as const
    await deployToStage(lake, { ...deployment, by: 'bench', now: until })
  }
}
