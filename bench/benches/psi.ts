import { STATION_STATE_FEATURES, FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { receivedKey } from '../../src/core/keys.ts'
import { BATCH_SECONDS, dtOf, HOUR_SECONDS, isoOf, type EpochSeconds } from '../../src/core/time.ts'
import { featureTexts } from '../../src/model/prediction/feature-text.ts'
import type { BaselineColumn, DriftBaseline } from '../../src/operations/monitoring/drift/baseline-file.ts'
import { binOf, quantileEdges } from '../../src/operations/monitoring/drift/bins.ts'
import { captureFiles, liveCalls } from '../../src/operations/monitoring/drift/captures.ts'
import { compareFeatures } from '../../src/operations/monitoring/drift/compare.ts'
import { SCORE_EDGES, type DriftColumn } from '../../src/operations/monitoring/drift/columns.ts'
import { emptyColumn } from '../../src/operations/monitoring/drift/count-rows.ts'
import { receivedWithin } from '../../src/operations/monitoring/drift/received.ts'
import { WEEK_HOURS } from '../../src/operations/monitoring/drift/week-hour.ts'
import type { ObjectStore, Platform } from '../../src/platform/ports.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { readModel } from '../harness/model.ts'
import { openPlatform } from '../harness/platform.ts'

const ENDPOINT = 'bikeshare-prod'
const CITY = 'nyc'
const STATIONS = 2200
const ROWS_A_REQUEST = 100
const HOURS = 24
const AT: EpochSeconds = Date.UTC(2024, 2, 20) / 1000

/**
 * PSI over 24 hours of a city of 2,200 stations: from hourly counts and the captures of the newest hour, as every hour has it,
 * and from captures alone, as after a new model. Against reading the newest hour's captures and nothing else.
 */
export async function benchPsi({ folder, inputs }: BenchContext): Promise<Measurement> {
  const { features, rows } = await readModel(inputs)
  const platform = await openPlatform(folder, () => AT)
  try {
    const sent = await writeCaptures(platform.store, features, rows)
    const baseline = baselineOf(features, rows)
    const judge = async (): Promise<number> => {
      const window = { endpoint: ENDPOINT, city: CITY, variants: ['AllTraffic'], at: AT, hours: HOURS }
      const received = await receivedWithin(platform, window, baseline)
      const { greatest } = compareFeatures(baseline, received?.columns ?? new Map())
      if (received?.rows !== sent || greatest === undefined)
        throw new Error('not every captured row was counted')
      return greatest.psi ?? Number.NaN
    }
    const cold = await timed(judge)
    await platform.store.delete(receivedKey(ENDPOINT, CITY, AT))
    const hourly = await timed(judge)
    if (hourly.result !== cold.result) throw new Error('hourly counts gave another PSI')
    const peak_rss_mb = peakRssMb()
    const reading = await timed(() => readNewest(platform))
    return {
      rows: sent,
      row_unit: 'captured rows',
      seconds: hourly.seconds,
      peak_rss_mb,
      baseline: 'reading the newest hour of captures',
      baseline_seconds: reading.seconds,
      figures: { captures_alone_seconds: cold.seconds, psi: hourly.result },
    }
  } finally {
    await platform.close()
  }
}

/** 24 hours of captured requests as the host writes them; gives their rows. */
async function writeCaptures(store: ObjectStore, features: Float32Array, rows: number): Promise<number> {
  const texts = featureTexts(features)
  let sent = 0
  for (let slot = AT - HOURS * HOUR_SECONDS; slot < AT; slot += BATCH_SECONDS) {
    const lines: string[] = []
    for (let first = 0; first < STATIONS; first += ROWS_A_REQUEST) {
      const places = Array.from({ length: ROWS_A_REQUEST }, (_, i) => (sent + i * 7) % rows)
      const part = String(first / ROWS_A_REQUEST).padStart(2, '0')
      const id = `1a2b3c4d-${isoOf(slot).replaceAll(/[-:]/g, '')}-0-${part}`
      lines.push(
        captured(
          places.map((row) => texts.line(row)),
          id,
          slot,
        ),
      )
      sent += places.length
    }
    const hour = dtOf(slot).split('-').slice(0, 4).join('/')
    const minute = dtOf(slot).split('-')[4]
    await store.put(
      `datacapture/${ENDPOINT}/AllTraffic/${hour}/${minute}-05-000-bench.jsonl`,
      `${lines.join('\n')}\n`,
    )
  }
  return sent
}

function captured(lines: readonly string[], inferenceId: string, slot: EpochSeconds): string {
  const side = (mode: string, data: string): object => ({
    observedContentType: 'text/csv',
    mode,
    data,
    encoding: 'CSV',
  })
  return JSON.stringify({
    captureData: {
      endpointInput: side('INPUT', lines.join('\n')),
      endpointOutput: side('OUTPUT', lines.map((_, i) => String((i % 97) / 100)).join('\n')),
    },
    eventMetadata: { eventId: inferenceId, inferenceId, inferenceTime: isoOf(slot + 5) },
    eventVersion: '0',
  })
}

function baselineOf(features: Float32Array, rows: number): DriftBaseline {
  const columns = new Map<DriftColumn, BaselineColumn>([['score', emptyColumn(SCORE_EDGES)]])
  for (const [f, name] of STATION_STATE_FEATURES.entries()) {
    const values = Float32Array.from(
      { length: rows },
      (_, row) => features[row * FEATURE_NAMES.length + f] ?? Number.NaN,
    )
    const column = emptyColumn(quantileEdges(values))
    for (const [row, value] of values.entries())
      column.histogram.add(row % WEEK_HOURS, binOf(column.edges, value))
    columns.set(name, column)
  }
  return {
    baseline_version: 1,
    city: CITY,
    target: 'bikes',
    group: 'bench',
    version: 'bench',
    timezone: 'America/New_York',
    feature_contract: 'v1',
    from: AT - 14 * HOURS * HOUR_SECONDS,
    until: AT - HOURS * HOUR_SECONDS,
    rows,
    columns,
  }
}

async function readNewest({ store }: Pick<Platform, 'store'>): Promise<number> {
  const { keys } = await captureFiles(store, ENDPOINT, ['AllTraffic'], AT)
  let rows = 0
  for await (const call of liveCalls(store, keys, { lines: 0 })) rows += call.lines.length
  return rows
}
