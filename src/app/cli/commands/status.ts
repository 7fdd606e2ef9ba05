import { BATCH_SECONDS, batchFloor, DAY_SECONDS, dsOf, isoOf } from '../../../core/time.ts'
import { lakeStatus, type LakeStatus } from '../../../data/lake/status.ts'
import { OPEN_METEO_ATTRIBUTION, OPEN_METEO_SOURCE } from '../../../data/weather/open-meteo.ts'
import type { CommandModule, OpenLake } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText, spanText, textTable } from '../table.ts'

/** Batches that fit into 24 hours. */
const DUE_24H = DAY_SECONDS / BATCH_SECONDS
/** A feed that is older than this is late, in seconds. */
const LATE_FEED_SECONDS = 900
/** An endpoint that predicted nothing for this long is late: two batches, and their half hour. */
const LATE_BATCH_SECONDS = 3 * BATCH_SECONDS

interface EndpointStatus {
  readonly endpoint: string
  readonly status: string
  readonly batches_24h: number
  readonly last_batch: number | null
}

/** `bikeshare status`: one screen. */
export const command: CommandModule = {
  build(command, act) {
    addExamples(command, [['status', 'is all well, and what is late']])
    command.action(
      act(async (context) => {
        const lake = await context.openLake()
        const status = await lakeStatus(lake.platform, { city: lake.info.city, now: lake.now })
        const endpoints = await endpointStatus(lake)
        const late = whatIsLate(status, endpoints, lake.now)
        const weather = await weatherCredit(lake)
        return {
          human: [screen(status, endpoints, late, lake.now), weather]
            .filter((text) => text !== null)
            .join('\n\n'),
          json: { now: lake.now, lake: status, endpoints, late, weather },
        }
      }),
    )
  },
}

/** The credit that Open-Meteo's licence asks for, where its weather is used. */
async function weatherCredit({ platform, info, now }: OpenLake): Promise<string | null> {
  const rows = await platform.warehouse.rows<{ source: string }>({
    name: 'weather-sources',
    sql: 'select distinct source from weather',
    tables: {
      weather: {
        dataset: 'weather_hourly',
        city: info.city,
        dsFrom: dsOf(now - DAY_SECONDS),
        dsTo: dsOf(now),
      },
    },
  })
  return rows.some((row) => row.source === OPEN_METEO_SOURCE) ? OPEN_METEO_ATTRIBUTION : null
}

async function endpointStatus({ platform, info, now }: OpenLake): Promise<EndpointStatus[]> {
  const city = info.city
  const rows = await platform.warehouse.rows<{ endpoint: string; batches: number; last: number }>({
    name: 'batches-24h',
    sql: `select endpoint, count(distinct slot) as batches, max(slot) as last from predictions
          where slot > $from and slot <= $to group by endpoint`,
    tables: {
      predictions: { dataset: 'predictions', city, dsFrom: dsOf(now - DAY_SECONDS), dsTo: dsOf(now) },
    },
    params: { from: now - DAY_SECONDS, to: now },
  })
  return (await platform.endpoints.listEndpoints()).map((endpoint) => {
    const made = rows.find((row) => row.endpoint === endpoint.EndpointName)
    return {
      endpoint: endpoint.EndpointName,
      status: endpoint.EndpointStatus,
      batches_24h: made?.batches ?? 0,
      last_batch: made?.last ?? null,
    }
  })
}

function whatIsLate(status: LakeStatus, endpoints: readonly EndpointStatus[], now: number): string[] {
  const late: string[] = []
  if (status.age_seconds === null) late.push('no status at all yet')
  else if (status.age_seconds > LATE_FEED_SECONDS)
    late.push(`the newest snapshot is ${spanText(status.age_seconds)} old`)
  for (const { endpoint, status: state, last_batch } of endpoints) {
    if (state !== 'InService') late.push(`${endpoint} is ${state}`)
    else if (last_batch === null) late.push(`${endpoint} predicted nothing in 24 h`)
    else if (batchFloor(now) - last_batch > LATE_BATCH_SECONDS) {
      late.push(`${endpoint} predicted last at ${isoOf(last_batch)}`)
    }
  }
  return late
}

function screen(
  status: LakeStatus,
  endpoints: readonly EndpointStatus[],
  late: readonly string[],
  now: number,
): string {
  const { lake, days } = status
  const refused = Object.entries(status.refused).map(([reason, n]) => `${n} ${reason}`)
  const aside = Object.entries(status.quarantined ?? {}).map(([reason, n]) => `${n} ${reason}`)
  const size = Object.values(status.bytes).reduce((sum, n) => sum + n, 0)
  const facts: [string, string][] = [
    [
      'city',
      `${lake.city} (${lake.timezone}), as of ${isoOf(now)}${lake.virtual_now === null ? '' : ', the lake’s own clock'}`,
    ],
    [
      'newest snapshot',
      status.newest === null ? 'none' : `${isoOf(status.newest)}, ${spanText(status.age_seconds ?? 0)} ago`,
    ],
    ['last 24 h', `${status.snapshots_24h} snapshots, ${status.gaps_24h.length} gaps over 15 min`],
    [
      'days',
      days.count === 0
        ? 'none'
        : `${days.count} (${days.first ?? ''} to ${days.last ?? ''}), ${days.missing} missing, ${days.open} not compacted`,
    ],
    ['quarantined now', aside.join(', ') || 'none'],
    ['refused', refused.join(', ') || 'none'],
    ['size', bytesText(size)],
  ]
  const rows = endpoints.map((e) => [
    e.endpoint,
    e.status,
    `${e.batches_24h} of ${DUE_24H}`,
    e.last_batch === null ? null : isoOf(e.last_batch),
  ])
  const verdict =
    late.length === 0 ? 'All is well.' : `Late or wrong:\n${late.map((line) => `  - ${line}`).join('\n')}`
  return [
    facts.map(([name, value]) => `${name.padEnd(16)} ${value}`).join('\n'),
    '',
    rows.length === 0
      ? 'No endpoint yet.'
      : textTable(['endpoint', 'status', 'batches in 24 h', 'last batch'], rows),
    '',
    verdict,
  ].join('\n')
}
