import { z } from 'zod'
import type { Measurement } from './bench.ts'

/** One line of a run: what was measured, on what and when. `ratio` is `seconds / baseline_seconds`. */
export const lineSchema = z
  .object({
    bench: z.string(),
    rows: z.number(),
    seconds: z.number(),
    peak_rss_mb: z.number(),
    baseline: z.string().nullable(),
    baseline_seconds: z.number().nullable(),
    ratio: z.number().nullable(),
    row_unit: z.string(),
    /** `recording` or `simulation`. */
    source: z.string(),
    /** Set when only some days of it were used. */
    days: z.int().optional(),
    cores: z.int(),
    date: z.iso.date(),
  })
  .catchall(z.union([z.number(), z.string()]))
export type BenchLine = z.infer<typeof lineSchema>

/** A measurement as a line of JSON. */
export function lineOf(
  bench: string,
  measured: Measurement,
  run: { readonly source: string; readonly days: number | null; readonly cores: number; readonly at: Date },
): string {
  const { figures = {}, ...own } = measured
  const { rows, row_unit, seconds, peak_rss_mb, baseline, baseline_seconds } = own
  const line = {
    bench,
    rows,
    seconds: rounded(seconds),
    peak_rss_mb: Math.round(peak_rss_mb),
    baseline,
    baseline_seconds: baseline_seconds === null ? null : rounded(baseline_seconds),
    ratio: baseline_seconds === null ? null : rounded(seconds / baseline_seconds),
    row_unit,
    ...Object.fromEntries(
      Object.entries(figures).map(([name, v]) => [name, typeof v === 'number' ? rounded(v) : v]),
    ),
    source: run.source,
    ...(run.days === null ? {} : { days: run.days }),
    cores: run.cores,
    date: run.at.toISOString().slice(0, 10),
  }
  return JSON.stringify(lineSchema.parse(line))
}

/** Four significant digits, whole numbers as they are. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)))
