import type { Deployment } from '../../core/contracts/deployment.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { availabilityOf, type Availability } from './budget.ts'
import { readFreshness, type Freshness } from './freshness.ts'
import { monthOf, parseMonth, type Month } from './month.ts'
import { judgePeriods } from './periods.ts'
import { prodEndpoints } from './prod-endpoints.ts'
import { qualityBounds } from './quality-bounds.ts'
import type { QualityObjective } from './quality-objectives.ts'
import { readQualityObjectives } from './read-quality.ts'
import { firstBatch, readPeriodFigures, servingVariants } from './read-figures.ts'
import { slowBurns, type SlowBurn } from './slow-burn.ts'

/** Five-minute data are kept for 63 days, as CloudWatch keeps them. */
const FIVE_MINUTE_RETENTION = 63 * DAY_SECONDS

/** One prod endpoint in the month. */
export interface EndpointSlo {
  readonly endpoint: string
  /** What was judged, `[from, until)`; null when the endpoint owed nothing in the month, or nothing is known of it. */
  readonly from: EpochSeconds | null
  readonly until: EpochSeconds | null
  /** Why there is nothing to judge, or why less than the month; null when the month is whole. */
  readonly note: string | null
  readonly availability: Availability
  readonly quality: readonly QualityObjective[]
  readonly slow_burns: readonly SlowBurn[]
}

/** The objectives of a city in one calendar month, UTC. */
export interface SloReport {
  readonly city: string
  readonly month: string
  readonly from: EpochSeconds
  readonly until: EpochSeconds
  readonly now: EpochSeconds
  readonly endpoints: readonly EndpointSlo[]
  readonly freshness: Freshness
}

type SloPlatform = Pick<Platform, 'store' | 'metrics' | 'alarms' | 'endpoints'>

/**
 * Judges a month for every prod endpoint that serves the city now: availability with its error budget, quality beside it, and
 * the freshness of the feed. Without `month`, the one of `now`. Only time from an endpoint's first batch on counts.
 */
export async function sloReport(
  platform: SloPlatform,
  o: {
    readonly city: string
    readonly now: EpochSeconds
    readonly namespace: string
    /** `2026-11` */
    readonly month?: string
  },
): Promise<SloReport> {
  const month = o.month === undefined ? monthOf(o.now) : parseMonth(o.month)
  const { name, from, until } = month
  // Together: what is asked of a metric store at once is looked up once.
  const [endpoints, freshness] = await Promise.all([
    prodEndpoints(platform, o.city).then((prod) =>
      Promise.all(
        prod.map(({ deployment, created }) => endpointSlo(platform, deployment, created, month, o)),
      ),
    ),
    readFreshness(platform.store, o.city, from, Math.min(until, o.now)),
  ])
  return {
    city: o.city,
    month: name,
    from,
    until,
    now: o.now,
    endpoints,
    freshness,
  }
}

async function endpointSlo(
  platform: SloPlatform,
  deployment: Deployment,
  created: EpochSeconds,
  month: Month,
  { city, now, namespace }: { city: string; now: EpochSeconds; namespace: string },
): Promise<EndpointSlo> {
  const { metrics } = platform
  const { endpoint } = deployment
  const of = { endpoint, city, namespace }
  const until = Math.min(month.until, now)
  const kept = now - FIVE_MINUTE_RETENTION
  const none = (note: string): EndpointSlo => ({
    endpoint,
    from: null,
    until: null,
    note,
    availability: availabilityOf([], { now, dueUntil: month.until }),
    quality: [],
    slow_burns: [],
  })
  if (month.from >= now) return none('the month has not begun')
  if (created >= month.until) return none('the endpoint is younger')
  if (month.until <= kept) return none('five-minute figures are kept for 63 days')
  const [first, variants] = await Promise.all([
    firstBatch(platform, of, created, until),
    servingVariants(
      metrics,
      endpoint,
      deployment.variants.map(({ variant }) => variant),
    ),
  ])
  if (first === undefined) return none('no batch yet')
  const from = Math.max(month.from, first, kept)
  const [figures, quality] = await Promise.all([
    readPeriodFigures(metrics, of, variants, from, until),
    qualityBounds(platform.store, deployment).then((bounds) =>
      readQualityObjectives(metrics, of, bounds, from, until),
    ),
  ])
  if (figures.heartbeat.size === 0 && figures.invocations.size === 0)
    return none('no figure of the month is there')
  const periods = judgePeriods({ from, until, now }, figures)
  return {
    endpoint,
    from,
    until,
    note:
      from === month.from
        ? null
        : from === kept
          ? 'five-minute figures are kept for 63 days'
          : 'from its first batch on',
    availability: availabilityOf(periods, { now, dueUntil: month.until }),
    quality,
    slow_burns: month.until > now ? slowBurns(await platform.alarms.describeAlarms(), endpoint, now) : [],
  }
}
