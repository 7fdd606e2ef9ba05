import { z } from 'zod'
import { TARGETS } from '../../../core/contracts/features.ts'
import { OperatorError } from '../../../core/errors.ts'
import { driftKey } from '../../../core/keys.ts'
import { dsRange, parseDt, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

const columnDriftSchema = z.strictObject({
  name: z.string(),
  psi: z.number().nullable(),
  /** Why there is no PSI. */
  reason: z.string().nullable(),
  samples: z.int().nonnegative(),
  /** Upper ends of the bins; the last two shares are of what lies above them and of missing values. */
  edges: z.array(z.number()),
  /** Share of each bin in the training rows of the same hours of the week; null without any. */
  expected: z.array(z.number()).nullable(),
  actual: z.array(z.number()).nullable(),
})
/** A column of a window beside the baseline. */
export type ColumnDrift = z.infer<typeof columnDriftSchema>

const stationDriftSchema = z.strictObject({
  station_id: z.string(),
  name: z.string().nullable(),
  feature: z.string(),
  /** Means over the training rows and over the window. */
  baseline: z.number(),
  window: z.number(),
  /** Their difference in standard deviations of the station's training rows. */
  shift: z.number(),
})
export type StationDrift = z.infer<typeof stationDriftSchema>

const weatherFaultSchema = z.strictObject({
  column: z.string(),
  kind: z.enum(['range', 'unit']),
  /** Hours that are affected. */
  hours: z.int().positive(),
  first: z.int(),
  detail: z.string(),
})
export type WeatherFault = z.infer<typeof weatherFaultSchema>

const driftSchema = z.strictObject({
  drift_version: z.literal(1),
  city: z.string(),
  endpoint: z.string(),
  target: z.enum(TARGETS),
  /** What was received in `[from, at)`. */
  from: z.int(),
  at: z.int(),
  group: z.string(),
  model_version: z.string(),
  requests: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  unread: z.int().nonnegative(),
  /** The greatest of the features, and whose it is. */
  psi: z.number().nullable(),
  psi_feature: z.string().nullable(),
  /** Why there is no PSI. */
  reason: z.string().nullable(),
  features: z.array(columnDriftSchema),
  /** What the model said; null without a baseline of scores. */
  score: columnDriftSchema.nullable(),
  /** What came; null while no outcome is known. */
  label: columnDriftSchema.nullable(),
  /** Stations whose features moved most; null when it was not looked at. */
  stations: z.array(stationDriftSchema).nullable(),
  skew: z.strictObject({ predictions: z.int(), skewed: z.int(), share: z.number() }).nullable(),
  weather: z.strictObject({ faults: z.int().nonnegative(), found: z.array(weatherFaultSchema) }).nullable(),
})
/** drift.json: drift of an endpoint over 24 hours. */
export type DriftRecord = z.infer<typeof driftSchema>

/** Writes the record of an endpoint and time; the same again changes nothing. */
export async function writeDrift(store: ObjectStore, record: DriftRecord): Promise<void> {
  await store.put(driftKey(record.endpoint, record.city, record.at), `${JSON.stringify(record)}\n`)
}

/** The records of a city (of an endpoint) with `at` in `[from, to]`, by endpoint, then time. CORRUPT when one is damaged. */
export async function readDrift(
  store: ObjectStore,
  o: {
    readonly city: string
    readonly endpoint?: string
    readonly from: EpochSeconds
    readonly to: EpochSeconds
  },
): Promise<DriftRecord[]> {
  const folders = (await store.folders('monitoring/drift/')).filter((name) => name.startsWith('endpoint='))
  const endpoints = folders.map((name) => name.slice('endpoint='.length))
  const records: DriftRecord[] = []
  for (const endpoint of o.endpoint === undefined ? endpoints : [o.endpoint])
    for (const ds of dsRange(o.from, o.to))
      for await (const { key } of store.list(
        `monitoring/drift/endpoint=${endpoint}/city=${o.city}/ds=${ds}/`,
      )) {
        const at = parseDt(/\/dt=([^/]+)\/drift\.json$/.exec(key)?.[1] ?? '')
        if (at !== undefined && at >= o.from && at <= o.to) records.push(await readOne(store, key))
      }
  return records
}

async function readOne(store: ObjectStore, key: string): Promise<DriftRecord> {
  const object = await store.get(key)
  try {
    return driftSchema.parse(JSON.parse(new TextDecoder().decode(object?.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged`,
      'Delete it, then run `bikeshare backfill`.',
      error,
    )
  }
}
