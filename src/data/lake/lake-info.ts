import { z } from 'zod'
import { OperatorError } from '../../core/errors.ts'
import { LAKE_KEY } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** The lake format that this program writes. */
export const LAKE_FORMAT = 1

const lakeInfoSchema = z.strictObject({
  format_version: z.literal(LAKE_FORMAT),
  city: z.string().min(1),
  timezone: z.string().min(1).refine(isTimeZone, 'not an IANA time zone'),
  country: z.string().nullable(),
  system_name: z.string().nullable(),
  feed_url: z.string().nullable(),
  virtual_now: z.int().nullable(),
})

/**
 * lake.json: what a lake is. `timezone` is the city's IANA name, `country` an ISO 3166 code, `feed_url` the GBFS discovery
 * document of a lake that a live feed fills, `virtual_now` (epoch seconds) the clock of one that a recording, a simulation
 * or a demo filled.
 */
export type LakeInfo = z.infer<typeof lakeInfoSchema>

/** True for an IANA time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The format version that lake.json declares: 0 for a lake of before there was one, undefined without lake.json. */
export async function lakeFormat(store: ObjectStore): Promise<number | undefined> {
  const json = await readJson(store)
  if (json === undefined) return undefined
  const version = (json as { format_version?: unknown }).format_version ?? 0
  if (typeof version === 'number' && Number.isInteger(version)) return version
  throw new OperatorError(
    'CORRUPT',
    `lake.json: format_version is ${JSON.stringify(version)}, not a number`,
    'Restore lake.json from a backup.',
  )
}

/** What the lake is; undefined when there is none. MISMATCH for another format version, CORRUPT for a damaged lake.json. */
export async function readLake(store: ObjectStore): Promise<LakeInfo | undefined> {
  const format = await lakeFormat(store)
  if (format === undefined) return undefined
  if (format > LAKE_FORMAT) {
    throw new OperatorError(
      'MISMATCH',
      `the lake has format ${format}, and this program reads format ${LAKE_FORMAT}`,
      'Use the newer program that wrote it.',
    )
  }
  if (format < LAKE_FORMAT) {
    throw new OperatorError(
      'MISMATCH',
      `the lake has the older format ${format}`,
      'Back it up, then run `bikeshare upgrade`.',
    )
  }
  return parseLake(await readJson(store))
}

/** What the lake is. NOT_FOUND when there is none, MISMATCH when it is of another city or format. */
export async function requireLake(store: ObjectStore, city?: string): Promise<LakeInfo> {
  const info = await readLake(store)
  if (info === undefined) {
    throw new OperatorError(
      'NOT_FOUND',
      'there is no lake here (lake.json is missing)',
      'Begin one with `bikeshare ingest`, `bikeshare import` or `bikeshare demo`.',
    )
  }
  if (city !== undefined) requireCity(info, city)
  return info
}

/** MISMATCH when the lake is of another city. */
export function requireCity(info: LakeInfo, city: string): void {
  if (info.city === city) return
  throw new OperatorError(
    'MISMATCH',
    `the lake is of the city "${info.city}", not "${city}"`,
    'A lake holds one city: name that city, or another data directory.',
  )
}

/**
 * Makes the lake, or takes the one that is there if its city and time zone are the same.
 * BAD_INPUT for an unknown time zone, MISMATCH for another city or time zone.
 */
export async function createLake(
  store: ObjectStore,
  info: Omit<LakeInfo, 'format_version'>,
): Promise<LakeInfo> {
  if (!isTimeZone(info.timezone)) {
    throw new OperatorError(
      'BAD_INPUT',
      `"${info.timezone}" is not a time zone`,
      'Give an IANA name such as America/New_York.',
    )
  }
  const present = await readLake(store)
  if (present === undefined) {
    const created: LakeInfo = { format_version: LAKE_FORMAT, ...info }
    try {
      await store.put(LAKE_KEY, text(created), { ifAbsent: true })
      return created
    } catch (error) {
      if (!(error instanceof OperatorError && error.code === 'WRITE_CONFLICT')) throw error
    }
  }
  const settled = present ?? (await requireLake(store))
  requireCity(settled, info.city)
  requireTimeZone(settled, info.timezone)
  return settled
}

/** MISMATCH when the lake is in another time zone. */
export function requireTimeZone(info: LakeInfo, timezone: string): void {
  if (info.timezone === timezone) return
  throw new OperatorError(
    'MISMATCH',
    `the lake of "${info.city}" is in the time zone ${info.timezone}, not ${timezone}`,
    'Hours and weekdays in it follow its own zone: leave the zone out, or use another data directory.',
  )
}

/** Changes some of lake.json, against other writers. */
export async function updateLake(
  store: ObjectStore,
  change: (info: LakeInfo) => Partial<Omit<LakeInfo, 'format_version' | 'city'>>,
): Promise<LakeInfo> {
  for (let attempt = 0; ; attempt++) {
    const object = await store.get(LAKE_KEY)
    const info = await requireLake(store)
    const next: LakeInfo = { ...info, ...change(info) }
    if (text(next) === text(info)) return info
    try {
      await store.put(
        LAKE_KEY,
        text(next),
        object === undefined ? { ifAbsent: true } : { ifMatch: object.etag },
      )
      return next
    } catch (error) {
      if (!(error instanceof OperatorError && error.code === 'WRITE_CONFLICT') || attempt >= 9) throw error
    }
  }
}

/** Sets the lake's own clock; null makes commands take the wall clock. */
export async function setVirtualNow(store: ObjectStore, now: EpochSeconds | null): Promise<void> {
  await updateLake(store, () => ({ virtual_now: now }))
}

async function readJson(store: ObjectStore): Promise<unknown> {
  const object = await store.get(LAKE_KEY)
  if (object === undefined) return undefined
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(object.body))
    if (json !== null && typeof json === 'object' && !Array.isArray(json)) return json
  } catch {
    // Reported below, with what to do.
  }
  throw new OperatorError('CORRUPT', 'lake.json is not a JSON object', 'Restore lake.json from a backup.')
}

function parseLake(json: unknown): LakeInfo {
  const result = lakeInfoSchema.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new OperatorError(
    'CORRUPT',
    `lake.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
    'Restore lake.json from a backup.',
  )
}

const text = (info: LakeInfo): string => `${JSON.stringify(info, null, 2)}\n`
