import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import type { Series } from '../../../core/contracts/api/common.ts'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { isMadeBy } from './batch.ts'
import { batchesOf } from './batches.ts'
import { cityEndpoints, servedBy, servingHistory } from './endpoints.ts'
import { endpointStatuses } from './endpoint-statuses.ts'
import { lastDays, readLines, servingLine, type Line, type Window } from './metric-lines.ts'
import { variantsIn } from './served-variants.ts'

type Endpoint = SystemHealth['endpoints'][number]

/** How the endpoints that were there at `at` served in the 24 hours before it. */
export async function servingFigures(source: CitySource, at: EpochSeconds): Promise<Endpoint[]> {
  const statuses = at >= source.now() ? await endpointStatuses(source) : undefined
  const window = lastDays(at, 1)
  const found: Omit<Endpoint, keyof ReturnType<typeof figuresOf>>[] = []
  const lines: Line[] = []
  for (const named of await cityEndpoints(source)) {
    const served = await servedBy(source, named.endpoint, at)
    if (!served && !statuses?.has(named.endpoint)) continue
    const batches = await batchesOf(source, named.endpoint, at - DAY_SECONDS + 1, at)
    found.push({
      ...named,
      // The history says what served, not how the host was.
      status: statuses?.get(named.endpoint) ?? (served ? 'InService' : 'unknown'),
      batches_24h: batches.filter((batch) => isMadeBy(batch, at)).length,
      batches_due: await dueBatches(source, named.endpoint, at),
    })
    lines.push(...linesOf(named.endpoint, await variantsIn(source, named.endpoint, window), window))
  }
  const series = await readLines(source, lines, window)
  return found.map((one) => ({ ...one, ...figuresOf(series.filter(({ of }) => of === one.endpoint)) }))
}

/** Batches that were due in 24 hours, or since the endpoint was there. */
async function dueBatches(source: CitySource, endpoint: string, at: EpochSeconds): Promise<number> {
  const { entries } = await servingHistory(source)
  const own = entries.filter((entry) => entry.endpoint === endpoint && entry.at <= at)
  const born = own.findLast((entry) => entry.from === null)?.at
  const from = Math.max(at - DAY_SECONDS, born ?? -Infinity)
  return Math.floor(at / BATCH_SECONDS) - Math.floor(from / BATCH_SECONDS)
}

function linesOf(endpoint: string, variants: readonly string[], window: Window): Line[] {
  return variants.flatMap((variant) => {
    const whose = { endpoint, variant, of: endpoint }
    return [
      ...(['p50', 'p95', 'p99'] as const).map((stat) => ({
        ...servingLine(whose, 'ModelLatency', stat, window),
        period: HOUR_SECONDS,
      })),
      ...(['Invocations', 'Invocation4XXErrors', 'Invocation5XXErrors'] as const).map((name) => ({
        ...servingLine(whose, name, 'Sum', window),
        period: 300,
      })),
    ]
  })
}

/** Of the slowest hour and variant; counts are of all of them together. */
function figuresOf(series: readonly Series[]) {
  const values = (name: string): number[] =>
    series
      .filter((one) => one.name === name)
      .flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])))
  const worst = (name: string): number | null => {
    const found = values(name)
    return found.length === 0 ? null : Math.max(...found)
  }
  const total = (name: string): number | null => {
    const found = values(name)
    return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0)
  }
  return {
    latency_p50_ms: worst('ModelLatency p50'),
    latency_p95_ms: worst('ModelLatency p95'),
    latency_p99_ms: worst('ModelLatency p99'),
    invocations: total('Invocations Sum'),
    errors_4xx: total('Invocation4XXErrors Sum'),
    errors_5xx: total('Invocation5XXErrors Sum'),
  }
}
