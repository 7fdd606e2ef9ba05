import type { Config } from '../../core/config/schema.ts'
import { TARGETS } from '../../core/contracts/features.ts'
import type { GateResult } from '../../core/contracts/gate.ts'
import type { Manifest } from '../../core/contracts/manifest.ts'
import type { Release } from '../../core/contracts/release.ts'
import { sha256 } from '../../core/hash.ts'
import { endpointName, servedModelName } from '../../core/names.ts'
import type { Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { loadModel, registerModel } from '../../model/registry/registry.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { listIncidents } from '../../operations/incidents/incident-store.ts'
import { beginPromotion, newRelease } from '../../operations/release/promote.ts'
import { activeRelease, beginRelease, listReleases } from '../../operations/release/release-store.ts'
import type { Platform } from '../../platform/ports.ts'
import type { DemoPlan } from './plan.ts'

/** What releasing came to; nothing of what there was no time or reason for. */
export interface ReleaseStory {
  readonly gates: readonly GateResult[]
  /** The model of staging into production, by canary. */
  readonly promotion: Release | undefined
  /** A candidate that was made to be bad. */
  readonly planted: Release | undefined
  /** The page of the incident that taking it back opened: a path below the lake. */
  readonly incident: string | undefined
}

export interface StoryOptions {
  readonly city: string
  readonly plan: DemoPlan
  readonly config: Config
  readonly manifests: Readonly<Record<'bikes' | 'docks', Manifest>>
  readonly by: string
  readonly report: Reporter
}

/** The gate is asked this long after its batch, when all of the batch's jobs are done. */
const AFTER_BATCH = 120
/** Canary of 10 %, ten minutes, all, ten minutes. */
const CANARY = { type: 'canary', canary_percent: 10, wait_seconds: 600 } as const
const RAMP = { type: 'ab', ramp: [20, 50, 100], bake_seconds: 1800, max_wait_seconds: 10_800 } as const

/**
 * The releases of a demo, told moment by moment: once staging has served for 24 hours the gate is asked, and its model goes
 * into production by canary; then a candidate that predicts the wrong thing is released by A/B, as if somebody had packed
 * the wrong file and the gate had let it pass. The scheduler goes on with each, and takes back what has to be.
 */
export function openReleaseStory(
  lake: Platform,
  o: StoryOptions,
): { tick(now: EpochSeconds): Promise<void>; ended(): Promise<ReleaseStory> } {
  let gates: readonly GateResult[] | undefined
  let promotionId: string | undefined
  let plantedId: string | undefined
  return {
    async tick(now) {
      if (now < o.plan.gateBatch + AFTER_BATCH) return
      if (gates === undefined) {
        const asked = await promote(lake, o, now)
        gates = asked.gates
        promotionId = asked.release?.id
      } else if (promotionId !== undefined && plantedId === undefined && !(await activeRelease(lake.store))) {
        plantedId = (await plant(lake, o, now))?.id
      }
    },
    async ended() {
      const releases = await listReleases(lake.store)
      const named = (id: string | undefined): Release | undefined => releases.find((r) => r.id === id)
      const incidents = await listIncidents(lake)
      const incident = incidents.find(({ release_id }) => release_id !== null && release_id === plantedId)
      return {
        gates: gates ?? [],
        promotion: named(promotionId),
        planted: named(plantedId),
        incident: incident && `incidents/${incident.id}/report.html`,
      }
    },
  }
}

function promote(lake: Platform, o: StoryOptions, now: EpochSeconds): ReturnType<typeof beginPromotion> {
  return beginPromotion(lake, {
    city: o.city,
    region: o.config.region,
    namespace: o.config.cw_custom_ns,
    stagingEndpoint: endpointName('staging', 'bikes'),
    prodEndpoint: endpointName('prod', 'bikes'),
    targets: TARGETS,
    instanceType: o.config.serve.instance_type,
    capturePercent: o.config.serve.capture_percent,
    strategy: CANARY,
    by: o.by,
    why: 'it has served on staging for 24 hours',
    now,
    report: o.report,
  })
}

/** Releases the model of docks as one of bikes. */
async function plant(lake: Platform, o: StoryOptions, now: EpochSeconds): Promise<Release | undefined> {
  const { bikes, docks } = o.manifests
  const { model } = await loadModel(lake.store, docks.group, docks.version)
  const { files: _, model_sha256: __, ...manifest } = bikes
  const version = `${bikes.version.slice(0, 17)}${sha256(`planted ${docks.version}`).slice(0, 8)}`
  await registerModel(lake.store, { manifest: { ...manifest, version, created_at: now }, model, report: {} })
  const endpoint = endpointName('prod', 'bikes')
  const deployment = await readDeployment(lake.store, endpoint)
  if (deployment?.variants.length !== 1) return undefined
  const release = newRelease('promote', {
    city: o.city,
    by: o.by,
    why: 'planted: the docks model, packed as one of bikes',
    strategy: { ...RAMP, ramp: [...RAMP.ramp] },
    endpoints: [
      {
        endpoint,
        target: 'bikes',
        from: { endpoint_config: deployment.endpoint_config, variants: deployment.variants },
        candidate: {
          group: bikes.group,
          model_version: version,
          model_name: servedModelName(bikes.group, version),
          threshold: bikes.threshold,
        },
        existing_config: null,
        instance_type: o.config.serve.instance_type,
        capture_percent: o.config.serve.capture_percent,
        changed_before: null,
        called: false,
      },
    ],
    alarms: [],
    now,
  })
  return (await beginRelease(lake.store, release)).release
}
