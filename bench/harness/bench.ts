import type { PreparedInputs } from './inputs.ts'

/** What a bench is given: its process is its own, its folder is empty and goes when it ends. */
export interface BenchContext {
  readonly folder: string
  /** What was prepared for it and for others; not to be changed. */
  readonly inputs: PreparedInputs
}

/** What a bench measured. */
export interface Measurement {
  /** Rows that the measured work read (what they are, `row_unit` says). */
  readonly rows: number
  readonly row_unit: string
  /** Wall time of the measured work. */
  readonly seconds: number
  /** Most memory that the process held until the measured work was done, before the baseline ran. */
  readonly peak_rss_mb: number
  /** What the time is compared with, measured in the same run; null where nothing is comparable. */
  readonly baseline: string | null
  readonly baseline_seconds: number | null
  /** Further figures by name, such as `p95_ms`. */
  readonly figures?: Readonly<Record<string, number | string>>
}

/** One bench, as its child process runs it. */
export type RunBench = (context: BenchContext) => Promise<Measurement>

/** Runs `work` and takes its wall time in seconds. */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly seconds: number }> {
  const started = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - started) / 1000 }
}

/** Most memory that this process held so far, in MB. */
export const peakRssMb = (): number => process.resourceUsage().maxRSS / 1024
