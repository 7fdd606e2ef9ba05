import type { WeatherHour } from '../../core/contracts/station.ts'
import { describeValue } from '../gbfs/text.ts'
import { type CsvHeader, readHeader } from './csv-header.ts'
import { splitCsvLine } from './csv-line.ts'
import { byHour, isEmptyHour, isInRange, type WeatherColumn, valuesOf, WEATHER_RANGES } from './ranges.ts'
import { COCO_TO_WMO, wmoOfText } from './weather-codes.ts'

/** A line that was not taken, or a value of it that was left empty. Lines count from 1, the header. */
export interface WeatherProblem {
  readonly line: number
  readonly reason: string
}

const MAX_PROBLEMS = 1000
const EMPTY = new Set(['', 'na', 'nan', 'null', 'none', '-'])

/**
 * Hourly weather from CSV, in the units of the lake and ordered. Columns are known by their names, in any order: Meteostat's
 * (time, or date and hour; temp, rhum, prcp, wdir, wspd, wpgt, pres, coco), those of the lake, and their variants in other
 * units (wind_kmh, temp_f, …); others are passed over and those that are missing are empty. Times without a zone are UTC.
 * An hour is observed unless issue_time (or lead_h, hours ahead) says when it was forecast. `source` names the origin; a
 * source column in the file goes before it.
 * Values outside WEATHER_RANGES are left empty and lines that cannot be read are left out, both told in `quarantined`
 * (the first 1,000). Throws BAD_INPUT when there is no time column or no weather column, naming the columns found.
 */
export function parseWeatherCsv(
  text: string,
  source: string,
): { hours: WeatherHour[]; quarantined: WeatherProblem[] } {
  const lines = text.split('\n')
  const header = readHeader(lines[0] ?? '')
  const problems = new Problems()
  for (const remark of header.remarks) problems.add(1, remark)
  const hours = new Map<string, WeatherHour>()
  for (let i = 1; i < lines.length; i++) {
    const line = (lines[i] ?? '').replace(/\r$/, '')
    if (line.trim() === '') continue
    const hour = readLine(line, header, source, (reason, once) => problems.add(i + 1, reason, once))
    if (hour === undefined) continue
    const key = `${hour.valid_at} ${hour.issued_at} ${hour.source}`
    if (hours.has(key)) problems.add(i + 1, 'the same hour is in an earlier line')
    else hours.set(key, hour)
  }
  return { hours: [...hours.values()].sort(byHour), quarantined: problems.list() }
}

function readLine(
  line: string,
  header: CsvHeader,
  source: string,
  problem: (reason: string, once?: boolean) => void,
): WeatherHour | undefined {
  const cells = splitCsvLine(line)
  if (cells === undefined || cells.length !== header.width) {
    problem(
      cells === undefined
        ? 'an open quotation mark'
        : `${cells.length} fields under ${header.width} column names`,
    )
    return undefined
  }
  const validAt = header.validAt(cells)
  if (validAt === undefined) {
    problem(`the time ${describeValue(header.timeText(cells))} cannot be read`)
    return undefined
  }
  const issuedAt = header.issuedAt(cells, validAt)
  if (issuedAt === undefined || issuedAt > validAt) {
    problem('the issue time cannot be read, or is after the hour itself')
    return undefined
  }
  const values = valuesOf((column) => readValue(column, cells, header, problem))
  if (isEmptyHour(values)) {
    problem('no value in any column')
    return undefined
  }
  return { valid_at: validAt, issued_at: issuedAt, source: header.source(cells) ?? source, ...values }
}

function readValue(
  column: WeatherColumn,
  cells: readonly string[],
  header: CsvHeader,
  problem: (reason: string, once?: boolean) => void,
): number | null {
  const from = header.columns.get(column)
  if (from === undefined) return null
  const cell = (cells[from.index] ?? '').trim()
  if (EMPTY.has(cell.toLowerCase())) return null
  const number = Number(cell)
  if (column === 'weather_code') {
    const code = Number.isNaN(number)
      ? wmoOfText(cell)
      : from.name === 'coco'
        ? COCO_TO_WMO[number]
        : isInRange(column, number)
          ? number
          : undefined
    if (code === undefined)
      problem(`${from.name} ${describeValue(cell)} is no known weather code, left empty`, true)
    return code ?? null
  }
  // A negative zero is a zero that differs bit for bit.
  const value = from.convert(number) + 0
  if (isInRange(column, value)) return value
  const [min, max] = WEATHER_RANGES[column]
  problem(`${from.name} ${describeValue(cell)} is not a number within ${min}..${max} (${column}), left empty`)
  return null
}

/** Problems in order, those said `once` only the first time, and no more than 1,000. */
class Problems {
  readonly #list: WeatherProblem[] = []
  readonly #said = new Set<string>()
  #more = 0

  add(line: number, reason: string, once = false): void {
    if (once && this.#said.has(reason)) return
    if (this.#list.length >= MAX_PROBLEMS) {
      this.#more++
      return
    }
    if (once) this.#said.add(reason)
    this.#list.push({ line, reason })
  }

  list(): WeatherProblem[] {
    if (this.#more === 0) return this.#list
    return [...this.#list, { line: 0, reason: `and ${this.#more} more` }]
  }
}
