import { z } from 'zod'
import { loadSql } from '../../core/sql.ts'
import { DAY_SECONDS, dayFloor, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { QUALITY_SQL, qualityTablesBetween } from '../../data/lake/views.ts'
import type { Platform } from '../../platform/ports.ts'

const CELLS_SQL = `with quality as (\n${QUALITY_SQL}\n)\n${loadSql(import.meta.url, './score-cells.sql')}`

export const scoreCellSchema = z.strictObject({
  model_version: z.string(),
  /** floor(1000 x score) */
  cell: z.int().min(0).max(1000),
  /** Highest score among them. */
  up_to: z.number().min(0).max(1),
  samples: z.int().positive(),
  positives: z.int().nonnegative(),
  first_slot: z.int(),
  last_slot: z.int(),
})
/** Predictions of one model version whose scores are next to each other, and how many came true. */
export type ScoreCell = z.infer<typeof scoreCellSchema>

export interface CellRange {
  readonly city: string
  readonly endpoint: string
  /** Slots in `[from, until)`. */
  readonly from: EpochSeconds
  readonly until: EpochSeconds
}

/** Counts the known outcomes of an endpoint's live predictions, by model version and score. */
export async function scoreCells(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { city, endpoint, from, until }: CellRange,
): Promise<readonly ScoreCell[]> {
  return warehouse.rows<ScoreCell>({
    name: 'score cells',
    sql: CELLS_SQL,
    tables: qualityTablesBetween(city, { from, until }),
    params: { endpoint, from, until },
  })
}

/** A range cut into whole days (UTC), and what is left of the last into hours, so that each is counted once. */
export function piecesOf({
  from,
  until,
}: Pick<CellRange, 'from' | 'until'>): Pick<CellRange, 'from' | 'until'>[] {
  const pieces: { from: number; until: number }[] = []
  for (let at = from; at < until;) {
    const midnight = dayFloor(at) + DAY_SECONDS
    const end = midnight <= until ? midnight : Math.min(until, at + HOUR_SECONDS)
    pieces.push({ from: at, until: end })
    at = end
  }
  return pieces
}
