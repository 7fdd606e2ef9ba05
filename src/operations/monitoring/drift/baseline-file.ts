import { z } from 'zod'
import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import { driftBaselineKey } from '../../../core/keys.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import { binCount, type Edges } from './bins.ts'
import type { DriftColumn } from './columns.ts'
import { WeekHistogram } from './histograms.ts'

const columnSchema = z.strictObject({
  /** Upper ends of the bins; after the last bin comes one for missing values. */
  edges: z.array(z.number()),
  /** Counts of the bins by hour of the city's week, 0 (Monday, 0 to 1) to 167. */
  hours: z.record(z.string().regex(/^\d{1,3}$/), z.array(z.number().nonnegative())),
})

const baselineSchema = z.strictObject({
  baseline_version: z.literal(1),
  city: z.string(),
  target: z.enum(TARGETS),
  group: z.string(),
  version: z.string(),
  timezone: z.string(),
  feature_contract: z.string(),
  /** First and last training slot. */
  from: z.int(),
  until: z.int(),
  rows: z.int().nonnegative(),
  /** By feature; also `score`, what the model says of its validation rows, and `label`, what came. */
  columns: z.record(z.string(), columnSchema),
})
/** monitoring/baseline/GROUP/VERSION/drift.json: how the training rows of a model were distributed. */
export type StoredBaseline = z.infer<typeof baselineSchema>

/** A baseline in memory. */
export interface DriftBaseline extends Omit<StoredBaseline, 'columns'> {
  readonly columns: ReadonlyMap<DriftColumn, BaselineColumn>
}

/** Bins of a column and its training rows in them. */
export interface BaselineColumn {
  readonly edges: Edges
  readonly histogram: WeekHistogram
}

/** Which baseline. */
export interface BaselineName {
  readonly city: string
  readonly target: Target
  readonly group: string
  readonly version: string
  readonly timezone: string
}

/** The baseline of a model; undefined when there is none yet. CORRUPT when it is damaged. */
export async function readDriftBaseline(
  store: ObjectStore,
  group: string,
  version: string,
): Promise<DriftBaseline | undefined> {
  const key = driftBaselineKey(group, version)
  const object = await store.get(key)
  if (object === undefined) return undefined
  try {
    return inMemory(baselineSchema.parse(JSON.parse(new TextDecoder().decode(object.body))))
  } catch (error) {
    if (isOperatorError(error)) throw error
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged`,
      'Delete it: it is made again from the features of the training window.',
      error,
    )
  }
}

/** The file's content, ready to be compared with. */
export function inMemory(stored: StoredBaseline): DriftBaseline {
  const columns = new Map<DriftColumn, BaselineColumn>()
  for (const [name, { edges, hours }] of Object.entries(stored.columns))
    columns.set(name as DriftColumn, { edges, histogram: WeekHistogram.of(binCount(edges), hours) })
  return { ...stored, columns }
}
