import type { Compared } from '../../../core/contracts/api/model.ts'
import type { QualityRow } from '../../../core/contracts/quality.ts'
import { dsOf, dtOf, HOUR_SECONDS, parseDs, parseDt, type EpochSeconds } from '../../../core/time.ts'
import { readQuality } from '../../../operations/monitoring/quality/read-quality.ts'
import type { CitySource } from '../city-source.ts'
import { lastUpTo, listed } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

/**
 * The newest 24 hours of an endpoint that were published by `at`, as they were published first: a late snapshot may change
 * them, but was not known then. Undefined before the first.
 */
export async function qualityAt(
  source: CitySource,
  endpoint: string,
  at: EpochSeconds,
): Promise<readonly QualityRow[] | undefined> {
  const end = await newestEnd(source, endpoint, at)
  if (end === undefined) return undefined
  return kept(cacheOf(source).answers, `quality/${endpoint}/${end}`, '', async () => {
    const { platform, info } = source
    const [published] = await readQuality(platform, { city: info.city, endpoint, from: end, to: end })
    return published?.first
  })
}

async function newestEnd(
  { platform, info }: CitySource,
  endpoint: string,
  at: EpochSeconds,
): Promise<EpochSeconds | undefined> {
  const prefix = `monitoring/quality/endpoint=${endpoint}/city=${info.city}/`
  // The usual place first: there is one every ten minutes.
  for (const hour of [at, at - HOUR_SECONDS]) {
    const files = await listed(platform.store, `${prefix}ds=${dsOf(hour)}/dt=${dtOf(hour).slice(0, 13)}`)
    const found = lastUpTo(
      files.flatMap(({ key }) => parseDt(/\/dt=([^/]+)\//.exec(key)?.[1] ?? '') ?? []),
      at,
    )
    if (found !== undefined) return found
  }
  const days = (await platform.store.folders(prefix)).filter((name) => name.startsWith('ds='))
  for (const day of days.toReversed()) {
    if (parseDs(day.slice(3)) > at) continue
    const ends = (await platform.store.folders(`${prefix}${day}/`)).flatMap(
      (name) => parseDt(name.slice(3)) ?? [],
    )
    const found = lastUpTo(ends, at)
    if (found !== undefined) return found
  }
  return undefined
}

/** Figures of a row, with those of persistence. */
export function comparedOf(row: QualityRow): Compared {
  return {
    at: row.ends_at,
    samples: row.samples,
    positives: row.positives,
    batches: row.batches,
    onset_samples: row.onset_samples,
    onset_positives: row.onset_positives,
    onset_pr_auc: row.onset_pr_auc,
    persistence_onset_pr_auc: row.persistence_onset_pr_auc,
    pr_auc: row.pr_auc,
    persistence_pr_auc: row.persistence_pr_auc,
    f1: row.f1,
    persistence_f1: row.persistence_f1,
    precision: row.precision,
    recall: row.recall,
    brier: row.brier,
    calibration_error: row.calibration_error,
  }
}
