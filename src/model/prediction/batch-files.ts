import { z } from 'zod'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { TABLE_SCHEMAS } from '../../core/contracts/tables.ts'
import { TARGETS } from '../../core/contracts/features.ts'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { pendingPredictionsKey, predictionsKey } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Column, ObjectStore, Platform } from '../../platform/ports.ts'

/** Names one batch of one endpoint. */
export interface BatchName {
  readonly endpoint: string
  readonly city: string
  readonly slot: EpochSeconds
}

/** What is there of a batch. */
export interface BatchTraces {
  /** The predictions are written. */
  readonly done: boolean
  readonly pending: boolean
  /** A whole batch was written but not published: the run that did it was killed. */
  readonly unpublished: boolean
}

const predictionSchema = z.strictObject({
  city: z.string(),
  endpoint: z.string(),
  target: z.enum(TARGETS),
  slot: z.int(),
  dt: z.string(),
  station_id: z.string(),
  count_now: z.int(),
  score: z.number(),
  threshold: z.number(),
  stockout: z.boolean(),
  variant: z.string(),
  model_version: z.string(),
  features_hash: z.string(),
  inference_id: z.string(),
  shuffle_seed: z.int(),
  made_at: z.int(),
  backfilled: z.boolean(),
})

const pendingSchema = z.strictObject({
  pending_version: z.literal(1),
  /** Rounds of requests so far; their inference ids tell them apart. */
  rounds: z.int().positive(),
  /** Stations that were due in the last round. */
  stations: z.int().nonnegative(),
  reason: z.string(),
  predictions: z.array(predictionSchema),
})
/** What a partial batch has so far. */
export type PendingBatch = z.infer<typeof pendingSchema>

/** `inference/…/dt=…/`, with the slash. */
const folderOf = ({ endpoint, city, slot }: BatchName): string =>
  predictionsKey(endpoint, city, slot).slice(0, -'predictions.parquet'.length)

// Neither engine reads a file of this name as data: DuckDB's listing takes *.parquet, Athena nothing that begins with "_".
const stagedKey = (batch: BatchName): string => `${folderOf(batch)}_predictions.staged`
const pendingKey = ({ endpoint, city, slot }: BatchName): string =>
  pendingPredictionsKey(endpoint, city, slot)
const finalKey = ({ endpoint, city, slot }: BatchName): string => predictionsKey(endpoint, city, slot)

/** Looks at what is there of a batch. */
export async function batchTraces(store: ObjectStore, batch: BatchName): Promise<BatchTraces> {
  const keys = new Set<string>()
  for await (const { key } of store.list(folderOf(batch))) keys.add(key)
  return {
    done: keys.has(finalKey(batch)),
    pending: keys.has(pendingKey(batch)),
    unpublished: keys.has(stagedKey(batch)),
  }
}

/** Reads what a partial batch has; undefined when there is none. CORRUPT when it is damaged. */
export async function readPending(store: ObjectStore, batch: BatchName): Promise<PendingBatch | undefined> {
  const key = pendingKey(batch)
  const stored = await store.get(key)
  if (!stored) return undefined
  try {
    return pendingSchema.parse(JSON.parse(new TextDecoder().decode(stored.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Delete the file; the batch is then made anew.',
      error,
    )
  }
}

/** Keeps what a partial batch has. */
export async function writePending(
  store: ObjectStore,
  batch: BatchName,
  pending: Omit<PendingBatch, 'pending_version'>,
): Promise<void> {
  await store.put(pendingKey(batch), `${JSON.stringify({ pending_version: 1, ...pending })}\n`)
}

/** Ends a batch that has no prediction at all. */
export async function dropPending(store: ObjectStore, batch: BatchName): Promise<void> {
  await store.delete(pendingKey(batch))
}

/**
 * Writes a batch's predictions, ordered by station, beside where they belong; `publishPredictions` puts them there. What
 * must happen at most once for a batch is done between the two.
 */
export async function stagePredictions(
  { warehouse }: Pick<Platform, 'warehouse'>,
  batch: BatchName,
  predictions: readonly Prediction[],
): Promise<void> {
  await warehouse.writeRows(stagedKey(batch), columnsOf(predictions))
}

/** Publishes the staged predictions, unless somebody else has published the batch: nothing is written twice. */
export async function publishPredictions(store: ObjectStore, batch: BatchName): Promise<void> {
  const staged = await store.get(stagedKey(batch))
  if (staged)
    try {
      await store.put(finalKey(batch), staged.body, { ifAbsent: true })
    } catch (error) {
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  else if (!(await batchTraces(store, batch)).done)
    throw new OperatorError(
      'CORRUPT',
      `${stagedKey(batch)} is gone before it was published`,
      'Predict again.',
    )
  await clearTraces(store, batch)
}

/** Removes what is left beside the published predictions. */
export async function clearTraces(store: ObjectStore, batch: BatchName): Promise<void> {
  await store.delete(pendingKey(batch))
  await store.delete(stagedKey(batch))
}

function columnsOf(predictions: readonly Prediction[]): Column[] {
  const ordered = [...predictions].sort((a, b) =>
    a.station_id < b.station_id ? -1 : a.station_id > b.station_id ? 1 : 0,
  )
  return TABLE_SCHEMAS.predictions.map(({ name, type }) => ({
    name,
    type,
    values: ordered.map((prediction) => prediction[name as keyof Prediction]),
  }))
}

/** Slots of an endpoint's partial batches on some days, in order. */
export async function pendingSlots(
  store: ObjectStore,
  endpoint: string,
  city: string,
  days: readonly string[],
  parse: (dt: string) => EpochSeconds | undefined,
): Promise<EpochSeconds[]> {
  const slots: EpochSeconds[] = []
  for (const ds of days)
    for await (const { key } of store.list(`inference/endpoint=${endpoint}/city=${city}/ds=${ds}/`)) {
      const slot = parse(/\/dt=([^/]+)\/_pending\.json$/.exec(key)?.[1] ?? '')
      if (slot !== undefined) slots.push(slot)
    }
  return slots
}
