import { BATCH_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { LATENCY_LIMIT_US, PERIOD_SECONDS } from './objectives.ts'

/** What made a period bad. */
export type BadReason = '5xx' | 'latency' | 'heartbeat'

/** One five-minute period in which traffic was due or came. */
export interface Period {
  readonly from: EpochSeconds
  /** Empty for a good one. */
  readonly bad: readonly BadReason[]
}

/** Figures by the beginning of their period; a period without data has none. */
export interface PeriodFigures {
  /** Invocations Sum and Invocation5XXErrors Sum, of all variants together. */
  readonly invocations: ReadonlyMap<EpochSeconds, number>
  readonly errors: ReadonlyMap<EpochSeconds, number>
  /** ModelLatency p95, of the slowest variant, microseconds. */
  readonly latency: ReadonlyMap<EpochSeconds, number>
  /** PredictionHeartbeat by slot. */
  readonly heartbeat: ReadonlyMap<EpochSeconds, number>
}

/**
 * The periods of `[from, until)` that count: those that begin a batch's ten minutes, in which traffic is due, and those in
 * which requests came all the same. A batch is judged once its ten minutes are over at `now`; until then neither it nor
 * the rest of its ten minutes counts. `from` is the first slot at which traffic was due.
 */
export function judgePeriods(
  span: { readonly from: EpochSeconds; readonly until: EpochSeconds; readonly now: EpochSeconds },
  figures: PeriodFigures,
): Period[] {
  const periods: Period[] = []
  const first = Math.ceil(span.from / PERIOD_SECONDS) * PERIOD_SECONDS
  for (let from = first; from < span.until; from += PERIOD_SECONDS) {
    const slot = Math.floor(from / BATCH_SECONDS) * BATCH_SECONDS
    if (slot + BATCH_SECONDS > span.now) break
    const due = from === slot
    if (!due && !((figures.invocations.get(from) ?? 0) > 0)) continue
    const bad: BadReason[] = []
    if ((figures.errors.get(from) ?? 0) > 0) bad.push('5xx')
    if ((figures.latency.get(from) ?? 0) > LATENCY_LIMIT_US) bad.push('latency')
    if (due && !((figures.heartbeat.get(from) ?? 0) >= 1)) bad.push('heartbeat')
    periods.push({ from, bad })
  }
  return periods
}

/** A run of bad periods with no good one in between. */
export interface BadRun {
  readonly from: EpochSeconds
  /** End of its last period. */
  readonly until: EpochSeconds
  /** Bad periods in it. */
  readonly periods: number
  readonly reasons: readonly BadReason[]
}

/** Runs of bad periods, in order. Time in which nothing was due neither ends a run nor makes one longer at its end. */
export function badRuns(periods: readonly Period[]): BadRun[] {
  const runs: BadRun[] = []
  let open: Period[] = []
  const close = (): void => {
    const [first, last] = [open[0], open.at(-1)]
    if (first && last)
      runs.push({
        from: first.from,
        until: last.from + PERIOD_SECONDS,
        periods: open.length,
        reasons: [...new Set(open.flatMap(({ bad }) => bad))].sort(),
      })
    open = []
  }
  for (const period of periods) {
    if (period.bad.length > 0) open.push(period)
    else close()
  }
  close()
  return runs
}
