import type { InformationSnapshot, StatusSnapshot } from '../../core/contracts/station.ts'
import { badFeed, envelopeOf, type Fields, isFields, parseObject, stationsOf } from './document.ts'
import { collectInformation, collectStatus, type InformationRecord, type StatusRecord } from './rules.ts'
import { cleanText, describeValue } from './text.ts'
import { integerOf } from './values.ts'

/**
 * A station_status document of GBFS 1.0 to 3.x in one shape, read by the fields that are there rather than by the version
 * declared, the station rules applied. `source` (address or file) only serves the error.
 * Throws BAD_INPUT when the body is no such document; a strange station is set aside, not an error.
 */
export function parseStatus(body: Uint8Array, source = 'The station_status document'): StatusSnapshot {
  const root = parseObject(body, source)
  const stations = stationsOf(root, source)
  if (!anyHas(stations, STATUS_FIELDS)) {
    throw badFeed(
      source,
      `no station_status: no station has ${STATUS_FIELDS.join(' or ')}`,
      'Is it station_information, or another feed of the same system?',
    )
  }
  return { ...envelopeOf(root, source), ...collectStatus(stations.map(statusRecord)) }
}

/** A station_information document of GBFS 1.0 to 3.x, as `parseStatus`. */
export function parseInformation(
  body: Uint8Array,
  source = 'The station_information document',
): InformationSnapshot {
  const root = parseObject(body, source)
  const stations = stationsOf(root, source)
  if (!anyHas(stations, INFORMATION_FIELDS)) {
    throw badFeed(
      source,
      `no station_information: no station has lat or lon`,
      'Is it station_status, or another feed of the same system?',
    )
  }
  return { ...envelopeOf(root, source), ...collectInformation(stations.map(informationRecord)) }
}

/**
 * Who runs the system and in which IANA time zone. Throws BAD_INPUT without a system_id or without a time zone that this
 * machine knows.
 */
export function parseSystemInformation(
  body: Uint8Array,
  source = 'The system_information document',
): { system_id: string; name: string | null; timezone: string } {
  const root = parseObject(body, source)
  const data = isFields(root['data']) ? root['data'] : {}
  const id = textOf(data['system_id'])
  if (id === '') {
    throw badFeed(
      source,
      'no system_information: data.system_id is missing',
      'Give the GBFS discovery document.',
    )
  }
  const timezone = data['timezone']
  if (typeof timezone !== 'string' || !isTimeZone(timezone)) {
    throw badFeed(
      source,
      `without a known time zone (timezone ${describeValue(timezone)})`,
      'Set timezone = "Europe/Oslo", or what it is, for the city in bikeshare.toml.',
    )
  }
  return { system_id: id, name: textOf(localised(data['name'])) || null, timezone }
}

const STATUS_FIELDS = ['num_bikes_available', 'num_vehicles_available'] as const
const INFORMATION_FIELDS = ['lat', 'lon'] as const
const NO_FIELDS: Fields = {}

/** An empty list passes: a city without stations is GBFS, and the batch rules refuse it. */
function anyHas(stations: readonly unknown[], names: readonly string[]): boolean {
  return (
    stations.length === 0 || stations.some((s) => isFields(s) && names.some((name) => Object.hasOwn(s, name)))
  )
}

function statusRecord(entry: unknown): StatusRecord {
  const s = isFields(entry) ? entry : NO_FIELDS
  return {
    station_id: s['station_id'],
    num_bikes_available: s['num_bikes_available'] ?? s['num_vehicles_available'],
    num_docks_available: s['num_docks_available'] ?? sumOfDocks(s['vehicle_docks_available']),
    num_bikes_disabled: s['num_bikes_disabled'] ?? s['num_vehicles_disabled'],
    num_docks_disabled: s['num_docks_disabled'],
    num_ebikes_available: s['num_ebikes_available'] ?? ebikesByType(s['num_bikes_available_types']),
    is_installed: s['is_installed'],
    is_renting: s['is_renting'],
    is_returning: s['is_returning'],
    last_reported: s['last_reported'],
  }
}

function informationRecord(entry: unknown): InformationRecord {
  const s = isFields(entry) ? entry : NO_FIELDS
  return {
    station_id: s['station_id'],
    name: localised(s['name']),
    short_name: localised(s['short_name']),
    lat: s['lat'],
    lon: s['lon'],
    capacity: s['capacity'],
    region_id: s['region_id'],
  }
}

/** GBFS 2.1+ lists docks by the vehicles they take; the specification makes their sum num_docks_available. */
function sumOfDocks(value: unknown): number | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000) return undefined
  let sum = 0
  for (const entry of value as unknown[]) {
    const count = isFields(entry) ? integerOf(entry['count']) : undefined
    if (count === undefined || count < 0) return undefined
    sum += count
  }
  return sum
}

/** Paris gives [{"mechanical": 3}, {"ebike": 2}] in place of num_ebikes_available. */
function ebikesByType(value: unknown): unknown {
  const parts = Array.isArray(value) ? value.slice(0, 20) : [value]
  const part = parts.find((p) => isFields(p) && Object.hasOwn(p, 'ebike'))
  return isFields(part) ? part['ebike'] : undefined
}

/** A GBFS 3.x text in several languages gives its English one, else its first; a plain text is itself. */
function localised(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const texts = value.slice(0, 200).filter((v) => isFields(v) && typeof v['text'] === 'string') as Fields[]
  const english = texts.find((t) => /^en(?:[-_]|$)/i.test(languageOf(t)))
  return (english ?? texts[0])?.['text']
}

function languageOf(text: Fields): string {
  return typeof text['language'] === 'string' ? text['language'].slice(0, 20) : ''
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? cleanText(value) : ''
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+\-/]{0,63}$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
