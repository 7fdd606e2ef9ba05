import {
  CANDIDATE,
  SHADOW,
  type Release,
  type ReleaseEndpoint,
  type Strategy,
} from '../../../core/contracts/release.ts'
import { BATCH_SECONDS, HORIZON_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { findManifest } from '../../../model/registry/registry.ts'
import type { Analysis } from '../step-release.ts'
import { comparePairs, compareSplit } from './compare.ts'
import { evidenceOf } from './evidence.ts'
import { judgedRows } from './judged-rows.ts'
import { notEnough, poorFigure } from './own-rows.ts'
import { invalidBatches, serviceOf } from './service-figures.ts'

/** What an analysis reads. */
export type AnalysisPlatform = Pick<Platform, 'store' | 'warehouse' | 'metrics'>

/** A candidate is slower than an operator puts up with above this, in milliseconds, in any five minutes. */
const MAX_P95_MS = 300

/**
 * Watches the candidate in a step of an A/B or a shadow. Errors and latency decide at once; quality when what came is known:
 * the candidate goes back when there is evidence that it is worse (see `evidence.ts`) or when its PR-AUC or F1 is below the
 * gate's. It goes on when it has baked long enough and has enough rows. What is missing is waited for, and after the longest
 * wait it goes back.
 */
export async function analyseCandidate(
  platform: AnalysisPlatform,
  release: Release,
  { now, namespace }: { readonly now: EpochSeconds; readonly namespace: string },
): Promise<Analysis> {
  const found = await Promise.all(
    release.endpoints.map((endpoint) => analyseEndpoint(platform, release, endpoint, { now, namespace })),
  )
  const reasonsOf = (verdict: Analysis['verdict']): string[] =>
    found.flatMap((analysis) => (analysis.verdict === verdict ? analysis.reasons : []))
  for (const verdict of ['rollback', 'wait'] as const)
    if (found.some((analysis) => analysis.verdict === verdict)) {
      const reasons = reasonsOf(verdict)
      return verdict === 'wait' && now - release.since > longestWait(release.strategy)
        ? { verdict: 'rollback', reasons: reasons.map((reason) => `waited too long: ${reason}`) }
        : { verdict, reasons }
    }
  return { verdict: 'go', reasons: reasonsOf('go') }
}

async function analyseEndpoint(
  platform: AnalysisPlatform,
  release: Release,
  endpoint: ReleaseEndpoint,
  o: { readonly now: EpochSeconds; readonly namespace: string },
): Promise<Analysis> {
  const { strategy, since } = release
  const variant = strategy.type === 'shadow' ? SHADOW : CANDIDATE
  const name = `${endpoint.endpoint} ${variant}`
  const service = await serviceOf(platform, endpoint.endpoint, variant, since, o.now)
  if (service.errors > 0)
    return back(`${name}: ${service.errors} of ${service.requests} requests failed (5xx)`)
  if (service.slowest !== undefined && service.slowest > MAX_P95_MS)
    return back(
      `${name}: p95 of ModelLatency is ${service.slowest.toFixed(0)} ms in five minutes, above ${MAX_P95_MS}`,
    )
  const { rows, invalid } = await judgedRows(platform, release, endpoint, o.now)
  if (invalid + (await invalidBatches(platform, release, endpoint, variant, o)) > 0)
    return back(`${name}: it answered with what is no score`)
  const poor = poorFigure(rows, endpoint)
  if (poor !== undefined) return back(`${name}: ${poor}`)
  const compare = strategy.type === 'shadow' ? comparePairs : compareSplit
  const evidence = evidenceOf(compare(rows, await usualLoss(platform, endpoint)))
  if (evidence.worse)
    return back(
      `${name}: its loss is greater by ${(evidence.difference ?? 0).toPrecision(2)} over ${evidence.rows} rows (evidence ${evidence.greatest.toFixed(0)} to 1)`,
    )
  if (service.requests === 0) return { verdict: 'wait', reasons: [`${name}: no request reached it yet`] }
  const ofStep = rows.filter((row) => row.slot >= since)
  const missing = notEnough(ofStep)
  if (missing !== undefined) return { verdict: 'wait', reasons: [`${name}: ${missing}`] }
  const left = since + bakeOf(strategy) - o.now
  if (left > 0) return { verdict: 'wait', reasons: [`${name}: bakes for ${left} s more`] }
  const seen = new Set(ofStep.map(({ slot }) => slot)).size
  const due = Math.floor((bakeOf(strategy) - HORIZON_SECONDS) / BATCH_SECONDS)
  // A clock that is set forward ends no bake: it brings no outcomes.
  if (seen < due) return { verdict: 'wait', reasons: [`${name}: ${seen} of ${due} batches with an outcome`] }
  return {
    verdict: 'go',
    reasons: [`${name} is not worse over ${evidence.rows} rows (evidence ${evidence.value.toFixed(2)} to 1)`],
  }
}

const back = (reason: string): Analysis => ({ verdict: 'rollback', reasons: [reason] })

/** The baseline's mean loss on the days that it was held back from; 0 where that is not known. */
export async function usualLoss({ store }: AnalysisPlatform, { from }: ReleaseEndpoint): Promise<number> {
  const serving = from?.variants[0]
  const manifest = serving && (await findManifest(store, serving.group, serving.model_version))
  return manifest?.metrics.validation.brier ?? 0
}

function bakeOf(strategy: Strategy): number {
  return 'bake_seconds' in strategy ? strategy.bake_seconds : 0
}

function longestWait(strategy: Strategy): number {
  return 'max_wait_seconds' in strategy ? strategy.max_wait_seconds : 0
}
