/** Share of the periods in which traffic was due that must be good, a calendar month (UTC) and prod endpoint. */
export const AVAILABILITY_OBJECTIVE = 0.995
/** Length of one period, seconds. */
export const PERIOD_SECONDS = 300
/** A period with a p95 of ModelLatency above this is bad, microseconds. */
export const LATENCY_LIMIT_US = 300_000
/** Bad for this long in a row is a fast burn, seconds: page and roll back. */
export const FAST_BURN_SECONDS = 900
/** A quality warning that stands for longer than this is a slow burn, seconds: incident. */
export const SLOW_BURN_SECONDS = 7200

/**
 * Windows over which the burn rate is told, and the rate from which on it is a warning. At rate 1 the budget lasts exactly
 * the month; at rate 6 for six hours 5 % of it is gone, at rate 1 for three days 10 %.
 */
export const BURN_WINDOWS = [
  { name: '6h', seconds: 6 * 3600, limit: 6 },
  { name: '3d', seconds: 3 * 86_400, limit: 1 },
] as const

/** Share of the month's batches at which a quality objective must hold. */
export const QUALITY_OBJECTIVE = 0.95
/** Share of the feed's snapshots that must be in the lake within three minutes. */
export const FRESHNESS_OBJECTIVE = 0.99
