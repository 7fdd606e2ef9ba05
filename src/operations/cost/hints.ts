import type { CostLine } from './lines.ts'
import { MONTH_DAYS } from './lake-size.ts'
import { PRICES } from './prices.ts'
import { BATCHES_PER_DAY, type Usage } from './usage.ts'

/** Something that lowers the bill, or would raise it if it were not done. */
export interface CostHint {
  readonly what: string
  /** US dollars a month that it saves; null when it cannot be told. */
  readonly saves_usd: number | null
  /** Done already, by how the system works. */
  readonly done: boolean
}

/** What keeps the cost down, most worth first among what is still to do. */
export function costHints(usage: Usage, lines: readonly CostLine[]): CostHint[] {
  const staging = usage.endpoints.filter(({ stage }) => stage === 'staging')
  const stagingLines = lines.filter(({ item }) =>
    staging.some(({ endpoint }) => item.startsWith(`${endpoint} `)),
  )
  const hints: CostHint[] = []
  if (staging.length > 0)
    hints.push({
      what: 'Stop staging once prod is stable, and start it a day before the next gate: `bikeshare endpoints stop --stage staging`.',
      saves_usd: sumOf(stagingLines),
      done: false,
    })
  const captured = usage.datasets.find(({ dataset }) => dataset === 'datacapture')
  if (captured?.bytes_per_day != null)
    hints.push({
      what: 'Capture a share of the requests, not all (serve.capture_percent): drift needs 500 samples a day.',
      saves_usd: null,
      done: false,
    })
  const rows = usage.endpoints.length * BATCHES_PER_DAY * MONTH_DAYS
  const requests = lines.find(({ item }) => item === 'PutMetricData')?.quantity
  hints.push({
    what: 'One datapoint a batch, not one a request: six requests a batch or more would each put their own.',
    saves_usd:
      requests === undefined || requests === null ? null : (5 * rows * PRICES.cloudwatch_put.usd) / 1000,
    done: true,
  })
  const limited = usage.datasets.filter(({ bytes_at_rest }) => bytes_at_rest !== null)
  const yearOf = limited.reduce((sum, { bytes_per_day }) => sum + 365 * (bytes_per_day ?? 0), 0)
  const atRest = limited.reduce((sum, { bytes_at_rest }) => sum + Math.min(bytes_at_rest ?? 0, Infinity), 0)
  hints.push({
    what: 'Lifecycle rules for raw, captured requests, monitoring and query results ([retention], `bikeshare clean`), against a year kept whole.',
    saves_usd: Math.max(0, ((yearOf - atRest) / 1e9) * PRICES.s3_storage.usd),
    done: true,
  })
  hints.push({
    what: 'Partitions by day and compressed Parquet: a query scans the days it names, not the lake.',
    saves_usd: null,
    done: true,
  })
  return hints.sort((a, b) => Number(a.done) - Number(b.done) || (b.saves_usd ?? -1) - (a.saves_usd ?? -1))
}

function sumOf(lines: readonly CostLine[]): number | null {
  return lines.some(({ usd }) => usd === null) ? null : lines.reduce((sum, { usd }) => sum + (usd ?? 0), 0)
}
