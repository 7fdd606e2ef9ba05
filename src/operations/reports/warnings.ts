import type { Evaluation } from '../../core/contracts/manifest.ts'
import type { Target } from '../../core/contracts/features.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, HORIZON_SECONDS } from '../../core/time.ts'
import { QUALITY_SQL, qualityTables } from '../../data/lake/views.ts'
import { scorePredictions } from '../../model/prediction/score-predictions.ts'
import type { Platform } from '../../platform/ports.ts'
import { episodesOf, type Episode, type OnsetRow } from './episodes.ts'
import type { LocalDay } from './local-day.ts'

const ONSET_SQL = `with quality as (\n${QUALITY_SQL}\n)\n${loadSql(import.meta.url, './onset-rows.sql')}`

/** What an endpoint said of a day's stock-outs. */
export interface Warnings {
  readonly endpoint: string
  readonly target: Target
  /** Of all its predictions about the day whose outcome is known. */
  readonly evaluation: Evaluation
  readonly episodes: readonly Episode[]
}

/** Judges what an endpoint said about a local day: predictions whose outcome came in it. */
export async function readWarnings(
  platform: Pick<Platform, 'warehouse'>,
  o: { readonly city: string; readonly endpoint: string; readonly target: Target; readonly day: LocalDay },
): Promise<Warnings> {
  const { city, endpoint, target, day } = o
  const [from, until] = [day.from - HORIZON_SECONDS, day.to - HORIZON_SECONDS]
  const { evaluation } = await scorePredictions(platform, { city, endpoint, from, until })
  const rows = await platform.warehouse.rows<OnsetRow>({
    name: 'onset rows of a day',
    sql: ONSET_SQL,
    tables: qualityTables(city, dsOf(from), dsOf(until - 1)),
    params: { endpoint, from: day.from, to: day.to },
  })
  return { endpoint, target, evaluation, episodes: episodesOf(rows) }
}
