import type { Releases } from '../../../core/contracts/api/releases.ts'
import {
  CANDIDATE,
  ONLY_VARIANT,
  SHADOW,
  type Release,
  type ReleaseEndpoint,
} from '../../../core/contracts/release.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { analyseCandidate, usualLoss } from '../../../operations/release/judge/analyse.ts'
import { comparePairs, compareSplit } from '../../../operations/release/judge/compare.ts'
import { ALPHA, evidenceOf } from '../../../operations/release/judge/evidence.ts'
import { judgedRows } from '../../../operations/release/judge/judged-rows.ts'
import { invalidBatches } from '../../../operations/release/judge/service-figures.ts'
import type { CitySource } from '../city-source.ts'
import { servedBy } from './endpoints.ts'
import { metricsUntil } from './metrics-until.ts'
import { cacheOf, kept } from './read-cache.ts'

/** What is known changes no oftener than requests' figures do. */
const STEP_SECONDS = 300

type Analysis = Releases['analysis'][number]

/** What the release that is under way has found so far, endpoint by endpoint. */
export function analysisOf(source: CitySource, release: Release, at: EpochSeconds): Promise<Analysis[]> {
  const step = Math.floor(at / STEP_SECONDS)
  const token = `${at < source.now()} ${release.phase} ${release.step} ${release.timeline.length} ${step}`
  return kept(cacheOf(source).answers, `analysis/${release.id}/${step}`, token, () =>
    Promise.all(release.endpoints.map((endpoint) => analyse(source, release, endpoint, at))),
  )
}

async function analyse(
  source: CitySource,
  release: Release,
  endpoint: ReleaseEndpoint,
  at: EpochSeconds,
): Promise<Analysis> {
  const { type } = release.strategy
  if (type !== 'ab' && type !== 'shadow')
    return {
      endpoint: endpoint.endpoint,
      variant: ONLY_VARIANT,
      share: null,
      samples: 0,
      evidence: null,
      evidence_bound: null,
      invalid: 0,
      says: release.reason ?? `${release.phase}; ${release.alarms.length} alarms would take it back`,
    }
  const { store, warehouse, metrics } = source.platform
  const platform = { store, warehouse, metrics: at < source.now() ? metricsUntil(metrics, at) : metrics }
  const variant = type === 'shadow' ? SHADOW : CANDIDATE
  const time = { now: at, namespace: source.config.cw_custom_ns }
  const judged = await judgedRows(platform, release, endpoint, at)
  const compare = type === 'shadow' ? comparePairs : compareSplit
  const evidence = evidenceOf(compare(judged.rows, await usualLoss(platform, endpoint)))
  const { verdict, reasons } = await analyseCandidate(platform, { ...release, endpoints: [endpoint] }, time)
  return {
    endpoint: endpoint.endpoint,
    variant,
    share: type === 'shadow' ? 0 : await shareOf(source, endpoint.endpoint, variant, at),
    samples: evidence.rows,
    evidence: evidence.batches === 0 ? null : evidence.greatest,
    evidence_bound: 1 / ALPHA,
    invalid: judged.invalid + (await invalidBatches(platform, release, endpoint, variant, time)),
    says: release.reason ?? `${verdict}: ${reasons.join('; ')}`,
  }
}

async function shareOf(
  source: CitySource,
  endpoint: string,
  variant: string,
  at: EpochSeconds,
): Promise<number | null> {
  const variants = (await servedBy(source, endpoint, at))?.variants ?? []
  const sum = variants.reduce((total, { weight }) => total + weight, 0)
  const own = variants.find((one) => one.variant === variant)
  return own && sum > 0 ? own.weight / sum : null
}
