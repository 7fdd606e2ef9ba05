import { z } from 'zod'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { estimatesKey } from '../../../core/keys.ts'
import { dsRange, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

const figureSchema = z
  .strictObject({
    mean: z.number(),
    sd: z.number(),
    /** 90 % of what comes should lie in it; null while there are too few past windows. */
    interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  })
  .nullable()

const estimateSchema = z.strictObject({
  /** What it is, wherever it is shown. */
  estimate: z.literal(true),
  at: z.int(),
  /** Slots of the batches, at most three. */
  slots: z.array(z.int()),
  rows: z.int(),
  /** Labelled rows that the scores were calibrated on. */
  calibration_rows: z.int(),
  /** Past windows that the intervals were made of. */
  past_windows: z.int(),
  pr_auc: figureSchema,
  f1: figureSchema,
  brier: figureSchema,
  /** What really came, on the rows whose outcome is known; null until it is. */
  realised: z
    .strictObject({
      rows: z.int(),
      pr_auc: z.number().nullable(),
      f1: z.number().nullable(),
      brier: z.number().nullable(),
    })
    .nullable(),
})

/** The estimate of an endpoint's last three batches, made before any of their outcomes was known. */
export type Estimate = z.infer<typeof estimateSchema>

const fileSchema = z.strictObject({ estimates_version: z.literal(1), estimates: z.array(estimateSchema) })

/** An endpoint's estimates as of the batches in `[from, to]`, in order. CORRUPT for a damaged file. */
export async function readEstimates(
  store: ObjectStore,
  query: {
    readonly city: string
    readonly endpoint: string
    readonly from: EpochSeconds
    readonly to: EpochSeconds
  },
): Promise<Estimate[]> {
  const { city, endpoint, from, to } = query
  const estimates: Estimate[] = []
  for (const ds of dsRange(from, to)) estimates.push(...(await readDay(store, endpoint, city, ds)))
  return estimates.filter(({ at }) => at >= from && at <= to)
}

async function readDay(store: ObjectStore, endpoint: string, city: string, ds: string): Promise<Estimate[]> {
  const key = estimatesKey(endpoint, city, ds)
  const stored = await store.get(key)
  if (!stored) return []
  try {
    return fileSchema.parse(JSON.parse(new TextDecoder().decode(stored.body))).estimates
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Delete the file; estimates begin anew with the next batch.',
      error,
    )
  }
}

/** Puts estimates in the place of those of the same batches, a day's file at a time. */
export async function writeEstimates(
  store: ObjectStore,
  { city, endpoint }: { readonly city: string; readonly endpoint: string },
  estimates: readonly Estimate[],
): Promise<void> {
  for (const ds of new Set(estimates.flatMap(({ at }) => dsRange(at, at)))) {
    const day = new Map((await readDay(store, endpoint, city, ds)).map((estimate) => [estimate.at, estimate]))
    for (const estimate of estimates)
      if (dsRange(estimate.at, estimate.at)[0] === ds) day.set(estimate.at, estimate)
    const ordered = [...day.values()].sort((a, b) => a.at - b.at)
    const file = { estimates_version: 1, estimates: ordered }
    await store.put(estimatesKey(endpoint, city, ds), `${JSON.stringify(file)}\n`)
  }
}
