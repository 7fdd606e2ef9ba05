import { z } from 'zod'
import { isOperatorError } from '../../core/errors.ts'
import { scoreCellsKey } from '../../core/keys.ts'
import { dsOf, HORIZON_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { scoreCells, scoreCellSchema, type CellRange, type ScoreCell } from './score-cells.ts'

/** As long as this after they are due, outcomes may still come in: monitoring looks back as far. */
const LATE_SECONDS = 2 * HOUR_SECONDS

const fileSchema = z.strictObject({ score_cells_version: z.literal(1), cells: z.array(scoreCellSchema) })

/**
 * The outcomes of a whole day by score. Counted once and kept in the lake when, as of `at`, no snapshot of it is awaited any
 * more: a day is some hundreds of small files. A kept file that is damaged is made anew, and so is one that was deleted.
 */
export async function dayCells(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  day: CellRange,
  at: EpochSeconds,
): Promise<readonly ScoreCell[]> {
  const key = scoreCellsKey(day.endpoint, day.city, dsOf(day.from))
  const kept = await readKept(platform.store, key)
  if (kept) return kept
  const cells = await scoreCells(platform, day)
  if (cells.length > 0 && isSettled(day, at))
    await keep(platform.store, key, `${JSON.stringify({ score_cells_version: 1, cells })}\n`)
  return cells
}

/** No snapshot that could tell an outcome of it is awaited any more. */
export const isSettled = ({ until }: Pick<CellRange, 'until'>, at: EpochSeconds): boolean =>
  at >= until + HORIZON_SECONDS + LATE_SECONDS

/** Days (`ds`) of which an endpoint has predictions. */
export async function predictedDays(store: ObjectStore, city: string, endpoint: string): Promise<string[]> {
  const folders = await store.folders(`inference/endpoint=${endpoint}/city=${city}/`)
  return folders.filter((name) => name.startsWith('ds=')).map((name) => name.slice('ds='.length))
}

async function readKept(store: ObjectStore, key: string): Promise<readonly ScoreCell[] | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return fileSchema.parse(JSON.parse(new TextDecoder().decode(object.body))).cells
  } catch {
    return undefined
  }
}

async function keep(store: ObjectStore, key: string, body: string): Promise<void> {
  try {
    await store.put(key, body)
  } catch (error) {
    // Whoever may only read the lake counts again next time.
    if (!isOperatorError(error, 'UNAVAILABLE')) throw error
  }
}
