import { BATCH_SECONDS, DAY_SECONDS, dtOf, parseDs, type EpochSeconds } from '../../core/time.ts'
import { OperatorError } from '../../core/errors.ts'
import type { FeedClient } from '../../data/gbfs/feed-client.ts'
import { statusDays } from '../../data/lake/days.ts'
import { snapshotTimes } from '../../data/lake/gaps.ts'
import { readLake, requireLake, setVirtualNow } from '../../data/lake/lake-info.ts'
import { startReplay } from '../../data/lake/replay.ts'
import type { ReplayFault } from '../../data/lake/replay/faults.ts'
import { openCityScheduler, type SchedulerOptions } from '../../operations/scheduler/city-scheduler.ts'
import type { JobRunReport } from '../../operations/scheduler/job-runner.ts'
import type { JobSettings } from '../../operations/scheduler/job.ts'
import { heldByText } from '../../operations/scheduler/lease.ts'
import { readState } from '../../operations/scheduler/state.ts'
import type { Platform } from '../../platform/ports.ts'

/** How a city lives through a recording. */
export interface ReplayRunOptions extends SchedulerOptions {
  readonly city: string
  readonly lake: Platform
  /** A platform over the lake that is lived through; it is only read. */
  readonly recording: Platform
  readonly client: FeedClient
  readonly settings: JobSettings
  /** Default: where it ended the last time, else the lake's own clock, else the first snapshot. */
  readonly from?: EpochSeconds | undefined
  /** Default: the last snapshot. */
  readonly until?: EpochSeconds | undefined
  readonly faults?: readonly ReplayFault[]
  /** What the progress is called. */
  readonly label?: string
  /** Moves the clock that the lake's endpoints go by. */
  readonly setNow: (now: EpochSeconds) => void
  readonly signal: AbortSignal
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Hears of every moment that was lived, and of the runs of jobs in it; what it does is waited for. */
  readonly onTick?: (now: EpochSeconds, ran: readonly JobRunReport[]) => Promise<void>
}

/** A life that was lived. */
export interface ReplayedRun {
  readonly city: string
  readonly from: EpochSeconds
  /** Where it ended. */
  readonly now: EpochSeconds
  readonly ticks: number
  /** Runs of jobs, and how many of them failed. */
  readonly runs: number
  readonly failed: number
}

/**
 * Serves a recording as a feed and keeps the city going on it at full speed: time goes from one moment that has something
 * due to the next, and stands still while work is under way, the slow lane's too. Ended by the signal, the next one goes on
 * where it stopped. UNAVAILABLE when the lake has a scheduler already.
 */
export async function liveThrough(o: ReplayRunOptions): Promise<ReplayedRun> {
  const { city, lake, recording } = o
  await requireLake(recording.store, city)
  const feedTimes = await timesOf(recording, city)
  const [first, last] = [feedTimes[0], feedTimes.at(-1)]
  if (first === undefined || last === undefined)
    throw new OperatorError('NOT_FOUND', `the recording of "${city}" has no snapshot`, 'Name another folder.')
  const resumed = (await readState(lake.store))?.ticked_at ?? (await readLake(lake.store))?.virtual_now
  const from = o.from ?? resumed ?? first
  const until = o.until ?? last
  o.setNow(from)

  const replay = await startReplay(recording, { city, from, ...(o.faults ? { faults: o.faults } : {}) })
  const weather = { source: 'open-meteo', base: replay.origin } as const
  const { sm_endpoint: endpoint, cw_custom_ns: namespace } = o.settings
  const scheduler = openCityScheduler(
    {
      name: city,
      platform: lake,
      ingest: {
        feedUrl: replay.url,
        client: o.client,
        weather,
        replayed: true,
        metric: { namespace, endpoint },
      },
      settings: o.settings,
      feedTimes,
      ...(o.env === undefined ? {} : { env: o.env }),
    },
    o,
  )
  const progress = o.report.start(o.label ?? `Living through ${city}`, Math.max(1, until - from))
  let [now, ticks, runs, failed] = [from, 0, 0, 0]
  try {
    const heldBy = await scheduler.begin()
    if (heldBy)
      throw new OperatorError(
        'UNAVAILABLE',
        `the lake of "${city}" has a scheduler already: ${heldByText(heldBy)}`,
        'End that one first.',
      )
    for (let next = from; next <= until && !o.signal.aborted; next = scheduler.nextDue(next)) {
      const isNewBatch = Math.floor(next / BATCH_SECONDS) !== Math.floor(now / BATCH_SECONDS)
      now = next
      o.setNow(now)
      replay.advanceTo(now)
      const { ran } = await scheduler.tick(now)
      await scheduler.idle()
      await o.onTick?.(now, ran)
      ticks++
      runs += ran.length
      failed += ran.filter(({ outcome }) => outcome === 'failed' || outcome === 'late').length
      if (isNewBatch || ticks === 1) await keepClock(lake, now)
      progress.update(now - from, dtOf(now))
    }
    await keepClock(lake, now)
  } finally {
    await scheduler.close()
    await replay.close()
  }
  progress.end(`${runs} runs of jobs, ${failed} failed; it is ${dtOf(now)}`)
  return { city, from, now, ticks, runs, failed }
}

/** When the recording has a snapshot, in order. */
async function timesOf(recording: Platform, city: string): Promise<EpochSeconds[]> {
  const days = await statusDays(recording.store, city)
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return []
  return snapshotTimes(recording, { city, from: parseDs(first), to: parseDs(last) + DAY_SECONDS - 1 })
}

/** Commands work as of the time that was lived to. */
async function keepClock({ store }: Platform, now: EpochSeconds): Promise<void> {
  if ((await readLake(store)) !== undefined) await setVirtualNow(store, now)
}
