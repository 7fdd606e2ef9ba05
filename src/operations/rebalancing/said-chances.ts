import type { Target } from '../../core/contracts/features.ts'
import { isProd } from '../../core/names.ts'
import { loadSql } from '../../core/sql.ts'
import { dsOf, HORIZON_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { scoredRows } from '../../model/prediction/scored-rows.ts'
import type { Platform } from '../../platform/ports.ts'
import { calibrate } from '../monitoring/estimate/calibrate.ts'

const SAID_SQL = loadSql(import.meta.url, './said-chances.sql')

/** A batch older than this says nothing more of what comes. */
const MAX_AGE_SECONDS = 900
/** Outcomes of the last hours tell what chance a score stands for. */
const CALIBRATION_HOURS = 12

/** Calibrated chances that a station has two or fewer (bikes, or docks) 30 minutes after `slot`. */
export interface SaidChances {
  readonly endpoint: string
  readonly slot: EpochSeconds
  readonly chances: ReadonlyMap<string, number>
}

/**
 * What the model in production (else on staging) said last before `at`, by isotonic regression over what came of its last 12
 * hours as known at `at`. Null when no endpoint said anything in the last 15 minutes.
 */
export async function saidChances(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  target: Target,
  at: EpochSeconds,
): Promise<SaidChances | null> {
  for (const endpoint of await endpointsOf(store, city, target)) {
    const since = at - MAX_AGE_SECONDS
    const rows = await warehouse.rows<{ station_id: string; slot: EpochSeconds; score: number }>({
      name: 'said chances',
      sql: SAID_SQL,
      tables: {
        predictions: { dataset: 'predictions', city, dsFrom: dsOf(since), dsTo: dsOf(at), since, until: at },
      },
      params: { endpoint, since, at },
    })
    const [first] = rows
    if (first === undefined) continue
    const labels: number[] = []
    const scores: number[] = []
    const until = at - HORIZON_SECONDS
    const range = { city, endpoint, from: until - CALIBRATION_HOURS * HOUR_SECONDS, until }
    for await (const { label, score } of scoredRows({ warehouse }, range)) {
      labels.push(label)
      scores.push(score)
    }
    const chanceOf = calibrate(labels, scores)
    const chances = new Map(
      rows.filter(({ score }) => Number.isFinite(score)).map((row) => [row.station_id, chanceOf(row.score)]),
    )
    return { endpoint, slot: first.slot, chances }
  }
  return null
}

/** Endpoints of a target that have predictions of this city, production first. */
async function endpointsOf(store: Platform['store'], city: string, target: Target): Promise<string[]> {
  const names: string[] = []
  for (const folder of await store.folders('inference/')) {
    if (!folder.startsWith('endpoint=')) continue
    const name = folder.slice('endpoint='.length)
    if (name.endsWith('-docks') !== (target === 'docks')) continue
    const cities = await store.folders(`inference/${folder}/`)
    if (cities.includes(`city=${city}`)) names.push(name)
  }
  return names.sort((a, b) => Number(isProd(b)) - Number(isProd(a)) || (a < b ? -1 : 1))
}
