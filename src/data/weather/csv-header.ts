import { OperatorError } from '../../core/errors.ts'
import { type EpochSeconds, HOUR_SECONDS } from '../../core/time.ts'
import { cleanText } from '../gbfs/text.ts'
import { LATEST_TIME, timeOf } from '../gbfs/values.ts'
import { splitCsvLine } from './csv-line.ts'
import type { WeatherColumn } from './ranges.ts'
import {
  type Convert,
  fahrenheitToC,
  inchToMm,
  knotsToKph,
  mphToKph,
  msToKph,
  same,
  snowCmToWaterMm,
  snowInchToWaterMm,
} from './units.ts'

/** Where to find what in a line. */
export interface CsvHeader {
  /** Number of columns. */
  readonly width: number
  readonly columns: ReadonlyMap<WeatherColumn, { index: number; name: string; convert: Convert }>
  /** The hour a line is about; undefined when it cannot be read. */
  validAt(cells: readonly string[]): EpochSeconds | undefined
  /** When it was issued: the hour itself for an observation; undefined when it cannot be read. */
  issuedAt(cells: readonly string[], validAt: EpochSeconds): EpochSeconds | undefined
  timeText(cells: readonly string[]): string
  /** The line's own source. */
  source(cells: readonly string[]): string | undefined
  /** What is to be told about columns that were passed over. */
  readonly remarks: readonly string[]
}

/** Names of each column, the first that is there counts. Those without a unit are Meteostat's or Open-Meteo's. */
const NAMES: Readonly<Record<WeatherColumn, Readonly<Record<string, Convert>>>> = {
  temp_c: { temp_c: same, temperature_c: same, temp: same, temperature_2m: same, temp_f: fahrenheitToC },
  precip_mm: {
    precip_mm: same,
    precipitation_mm: same,
    prcp: same,
    precipitation: same,
    precip_in: inchToMm,
  },
  wind_kph: {
    wind_kph: same,
    wind_kmh: same,
    wspd: same,
    wind_speed_10m: same,
    wind_ms: msToKph,
    wind_mph: mphToKph,
    wind_kn: knotsToKph,
  },
  rhum_pct: { rhum_pct: same, humidity_pct: same, rhum: same, relative_humidity_2m: same },
  pres_hpa: { pres_hpa: same, pressure_hpa: same, pres: same, pressure_msl: same },
  wind_dir_deg: { wind_dir_deg: same, wdir: same, wind_direction_10m: same },
  wind_gust_kph: {
    wind_gust_kph: same,
    wind_gust_kmh: same,
    wpgt: same,
    wind_gusts_10m: same,
    wind_gust_ms: msToKph,
    wind_gust_mph: mphToKph,
    wind_gust_kn: knotsToKph,
  },
  snow_mm: {
    snow_mm: same,
    snowfall_cm: snowCmToWaterMm,
    snowfall: snowCmToWaterMm,
    snowfall_in: snowInchToWaterMm,
  },
  weather_code: { weather_code: same, weathercode: same, coco: same },
}
const TIME_NAMES = ['time', 'valid_at', 'valid_time', 'datetime', 'timestamp']
/** 1973: a smaller number is a year, an index or a mistake rather than POSIX seconds. */
const EARLIEST_TIME: EpochSeconds = 100_000_000
const ISSUE_NAMES = ['issued_at', 'issue_time']

/** Reads the line of column names. Throws BAD_INPUT without a time or without any weather column. */
export function readHeader(line: string): CsvHeader {
  const names = (splitCsvLine(line.replace(/^\uFEFF/, '').replace(/\r$/, '')) ?? []).map((name) =>
    name.trim().toLowerCase(),
  )
  const find = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name)).find((i) => i >= 0)
  const columns = new Map<WeatherColumn, { index: number; name: string; convert: Convert }>()
  for (const column of Object.keys(NAMES) as WeatherColumn[]) {
    for (const [name, convert] of Object.entries(NAMES[column])) {
      const index = names.indexOf(name)
      if (index < 0) continue
      columns.set(column, { index, name, convert })
      break
    }
  }
  const time = find(TIME_NAMES)
  const [date, hour] = [names.indexOf('date'), names.indexOf('hour')]
  if (time === undefined && (date < 0 || hour < 0)) throw unusable('no time column', names)
  if (columns.size === 0) throw unusable('no weather column', names)
  const [issue, lead, source] = [find(ISSUE_NAMES), find(['lead_h']), find(['source'])]
  return {
    width: names.length,
    columns,
    timeText: (cells) => (time === undefined ? `${cells[date]} ${cells[hour]}` : (cells[time] ?? '')),
    validAt: (cells) =>
      time === undefined ? timeOfDateAndHour(cells[date], cells[hour]) : timeOfText(cells[time]),
    issuedAt: (cells, validAt) => {
      if (issue !== undefined) return timeOfText(cells[issue])
      return lead === undefined ? validAt : issueOfLead(cells[lead], validAt)
    },
    source: (cells) => (source === undefined ? undefined : cleanText(cells[source] ?? '', 60) || undefined),
    remarks: columns.has('snow_mm') || !names.includes('snow') ? [] : [SNOW_IS_AMBIGUOUS],
  }
}

const SNOW_IS_AMBIGUOUS =
  "the column snow is passed over: in Meteostat's older files it is the depth of lying snow, in newer ones centimetres " +
  'that fell; name it snowfall_cm if it is the latter'

function unusable(problem: string, names: readonly string[]): OperatorError {
  const shown = names.slice(0, 20).map((name) => cleanText(name, 40))
  return new OperatorError(
    'BAD_INPUT',
    `The weather CSV has ${problem}; its first line names ${shown.join(', ') || 'nothing'}`,
    `Give it a first line of column names: time (or date and hour), and some of ${Object.keys(NAMES).join(', ')}.`,
  )
}

const DATE_AND_TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** POSIX seconds, or a date with or without time and offset; what is left out is midnight, UTC. */
function timeOfText(text: string | undefined): EpochSeconds | undefined {
  const trimmed = (text ?? '').trim()
  const [, date, minutes = '00:00', seconds = ':00', offset = 'Z'] = DATE_AND_TIME.exec(trimmed) ?? []
  const time = timeOf(date === undefined ? trimmed : `${date}T${minutes}${seconds}${offset}`)
  return time !== undefined && time >= EARLIEST_TIME && time <= LATEST_TIME ? time : undefined
}

function timeOfDateAndHour(date: string | undefined, hour: string | undefined): EpochSeconds | undefined {
  const day = timeOfText(date)
  const h = Number(hour?.trim() || Number.NaN)
  return day !== undefined && Number.isInteger(h) && h >= 0 && h <= 23 ? day + h * HOUR_SECONDS : undefined
}

function issueOfLead(text: string | undefined, validAt: EpochSeconds): EpochSeconds | undefined {
  const lead = (text ?? '').trim() === '' ? 0 : Number(text)
  return Number.isFinite(lead) ? validAt - Math.round(lead * HOUR_SECONDS) : undefined
}
