import { basename } from 'node:path'
import type { WeatherHour } from '../../core/contracts/station.ts'
import { OperatorError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import type { Reporter } from '../../core/report.ts'
import { HOUR_SECONDS, isoOf, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { addVersions, readVersions, type InformationVersion } from './information-versions.ts'
import {
  createLake,
  readLake,
  requireCity,
  requireLake,
  requireTimeZone,
  updateLake,
  type LakeInfo,
} from './lake-info.ts'
import { clearStaging, type LakeParts } from './publish.ts'
import { openRecording, type RecordingPaths } from './recording/files.ts'
import { openLakeRecording } from './recording/lake-recording.ts'
import type { Recording, StatusSource, TimeRange } from './recording/recording.ts'
import { noCounts, takeDay, type ImportCounts } from './recording/take-day.ts'
import { addWeather } from './store-weather.ts'
import { writeViews } from './views-file.ts'

/** Weather this much older than the first snapshot may still be joined to it. */
const WEATHER_LEAD_SECONDS = 6 * HOUR_SECONDS
/** Hours are added in parts of about this many, since each part rewrites the days it touches. */
const WEATHER_ROWS_HELD = 200_000
const ID_DIGITS = 16

/** What every import is given. */
export interface ImportOptions extends TimeRange {
  readonly report: Reporter
  readonly signal?: AbortSignal
}

/** What an import of files is given. `timezone` and `country` are needed for a lake that is not there yet. */
export interface ImportRecordingOptions extends ImportOptions, RecordingPaths {
  readonly city: string
  readonly timezone?: string
  readonly country?: string | null
}

/** What an import did. `rows` and `quarantined` are of the recording, whether or not the lake had them. */
export interface ImportResult extends Readonly<ImportCounts> {
  /** Name of its provenance, `imports/ID.json`. */
  readonly id: string
  readonly lake: LakeInfo
  readonly days: number
  readonly first: EpochSeconds | null
  readonly last: EpochSeconds | null
  readonly information_versions: number
  readonly weather_hours: number
}

/**
 * Takes a recording in files into the lake by the rules of a live feed: Parquet or CSV tables, GBFS documents, weather.
 * Days are written whole, merged with what is there; run again, or killed and run again, the lake is the same. A lake that
 * is not there is made and needs `timezone`. Errors: USAGE, NOT_FOUND, BAD_INPUT, MISMATCH, CANCELLED.
 */
export async function importRecording(
  platform: LakeParts,
  options: ImportRecordingOptions,
): Promise<ImportResult> {
  if (options.status.length === 0 && options.information.length === 0 && !options.weather?.length)
    throw new OperatorError('USAGE', 'no recording is named', 'Name at least one file of status.')
  const recording = await openRecording(platform.warehouse, options, options.report)
  const lake = await lakeFor(platform.store, options)
  return take(platform, recording, lake, options)
}

/** Takes another lake's status, information and weather into this one, which is made if it is not there. */
export async function importLake(
  platform: LakeParts,
  from: LakeParts,
  options: ImportOptions & { readonly city?: string },
): Promise<ImportResult> {
  const source = await requireLake(from.store)
  const { timezone, country } = source
  const lake = await lakeFor(platform.store, { city: options.city ?? source.city, timezone, country })
  return take(platform, openLakeRecording(from, source.city), lake, options)
}

async function lakeFor(
  store: ObjectStore,
  wanted: { city: string; timezone?: string; country?: string | null },
): Promise<LakeInfo> {
  const present = await readLake(store)
  if (present !== undefined) {
    requireCity(present, wanted.city)
    if (wanted.timezone !== undefined) requireTimeZone(present, wanted.timezone)
    return present
  }
  if (wanted.timezone === undefined) {
    throw new OperatorError(
      'USAGE',
      `the time zone of "${wanted.city}" is not known, and a recording does not tell it`,
      'Give it, such as America/Los_Angeles.',
    )
  }
  return createLake(store, {
    city: wanted.city,
    timezone: wanted.timezone,
    country: wanted.country ?? null,
    system_name: null,
    feed_url: null,
    virtual_now: null,
  })
}

async function take(
  platform: LakeParts,
  recording: Recording,
  lake: LakeInfo,
  options: ImportOptions,
): Promise<ImportResult> {
  const { report, signal } = options
  const { city } = lake
  const range: TimeRange = {
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
  }
  await clearStaging(platform.store)
  const counts = noCounts()
  const days = new Set<string>()
  let first: EpochSeconds | null = null
  let last: EpochSeconds | null = null
  const sizes = new Map<StatusSource, number>()
  for (const source of recording.status) sizes.set(source, await source.size(range))
  const progress = report.start(
    'Importing status',
    [...sizes.values()].reduce((sum, size) => sum + size, 0),
  )
  let before = 0
  for (const [source, size] of sizes) {
    for await (const day of source.days(range, (done) =>
      progress.update(before + done, basename(source.name)),
    )) {
      throwIfAborted(signal)
      await takeDay(platform, city, source.name, day, { to: range.to, counts })
      days.add(day.ds)
      for (const { snapshot } of day.snapshots) {
        first = Math.min(first ?? Infinity, snapshot.last_updated)
        last = Math.max(last ?? -Infinity, snapshot.last_updated)
      }
    }
    before += size
  }
  progress.end(`${counts.snapshots} snapshots of ${days.size} days`)
  throwIfAborted(signal)
  const information_versions = await takeInformation(platform, city, recording, { range, first, report })
  throwIfAborted(signal)
  const weather_hours = await takeWeather(platform, city, recording, { range, first })
  const imported = { ...counts, days: days.size, first, last }
  const id = await writeProvenance(platform.store, city, recording, range, imported)
  if (lake.feed_url === null && last !== null) {
    const newest = last
    await updateLake(platform.store, (info) => ({
      virtual_now: Math.max(info.virtual_now ?? newest, newest),
    }))
  }
  await writeViews(platform.store, city)
  return { id, lake: await requireLake(platform.store), ...imported, information_versions, weather_hours }
}

async function takeInformation(
  platform: LakeParts,
  city: string,
  recording: Recording,
  o: { range: TimeRange; first: EpochSeconds | null; report: Reporter },
): Promise<number> {
  const versions = (await recording.information()).filter((v) => v.valid_from < (o.range.to ?? Infinity))
  if (versions.length === 0) return 0
  const { first } = o
  const known = [...(await readVersions(platform, city)).values()].flat()
  const inForce = (v: InformationVersion): boolean => first === null || v.valid_from <= first
  if (known.some(inForce) || versions.some(inForce) || first === null)
    return addVersions(platform, city, versions)
  o.report.warn(
    `No information is as old as the first snapshot, ${isoOf(first)}: each station's oldest is taken to hold from there.`,
  )
  const oldest = new Map<string, InformationVersion>()
  for (const version of versions) {
    const other = oldest.get(version.station_id)
    if (other === undefined || version.valid_from < other.valid_from) oldest.set(version.station_id, version)
  }
  const extended = [...oldest.values()].map((version) => ({ ...version, valid_from: first }))
  return addVersions(platform, city, [...extended, ...versions])
}

async function takeWeather(
  platform: LakeParts,
  city: string,
  recording: Recording,
  o: { range: TimeRange; first: EpochSeconds | null },
): Promise<number> {
  const from = (o.range.from ?? o.first ?? -Infinity) - WEATHER_LEAD_SECONDS
  const to = o.range.to ?? Infinity
  let added = 0
  let held: WeatherHour[] = []
  for await (const part of recording.weather()) {
    for (const hour of part) if (hour.valid_at >= from && hour.issued_at < to) held.push(hour)
    if (held.length < WEATHER_ROWS_HELD) continue
    added += await addWeather(platform, city, held)
    held = []
  }
  return added + (await addWeather(platform, city, held))
}

async function writeProvenance(
  store: ObjectStore,
  city: string,
  recording: Recording,
  range: TimeRange,
  imported: ImportCounts & { days: number; first: EpochSeconds | null; last: EpochSeconds | null },
): Promise<string> {
  const { files } = recording
  const id = sha256(canonicalJson({ city, files: files.map((file) => file.sha256), range })).slice(
    0,
    ID_DIGITS,
  )
  // What the recording held, not what was new to the lake: a second run writes the same.
  const { snapshots, refused, rows, quarantined, days, first, last } = imported
  const provenance = {
    city,
    files,
    from: range.from ?? null,
    to: range.to ?? null,
    first,
    last,
    days,
    snapshots,
    refused,
    rows,
    quarantined: Object.fromEntries(Object.entries(quarantined).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
  await store.put(`imports/${id}.json`, `${JSON.stringify(provenance, null, 2)}\n`)
  return id
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new OperatorError(
      'CANCELLED',
      'the import was stopped',
      'Run it again: days that are in the lake stay.',
    )
}
