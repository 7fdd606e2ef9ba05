import type { State, Timeline, Top } from '../../../core/contracts/api/city.ts'
import { STAGES, type Stage } from '../../../core/contracts/api/common.ts'
import type { AnswerOf } from '../../../core/contracts/api/routes.ts'
import type { Releases } from '../../../core/contracts/api/releases.ts'
import { TARGETS } from '../../../core/contracts/features.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { PlainRoute } from '../routes/asked.ts'

/** One answer that a snapshot holds. */
export interface Wanted {
  readonly name: PlainRoute
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

/** What a snapshot holds of a city. */
export interface Extent {
  /** Batches of so many hours before its moment can be shown. */
  readonly hours: number
  /** So many stations have a view of their own, those at risk first. */
  readonly stations: number
  readonly publicMode: boolean
}

/** Gets the answer of a wanted one, and keeps it in the snapshot. */
export type Keep = (wanted: Wanted) => Promise<unknown>

/**
 * Keeps everything that the pages may ask for of a city, as of `at` (which is the newest moment of the snapshot: its answers
 * are those without `at`).
 */
export async function keepCity(city: string, extent: Extent, keep: Keep): Promise<void> {
  const ask = (name: PlainRoute, query: Record<string, string> = {}, more: Record<string, string> = {}) =>
    keep({ name, params: { city, ...more }, query })
  await ask('stations')
  for (const stage of STAGES) {
    const timeline = (await ask('timeline', { stage })) as Timeline
    const first = await ask('state', { stage })
    const moments = lastHours(timeline.batches, (first as State).as_of.at, extent.hours)
    for (const at of moments) {
      await ask('stations', { at: `${at}` })
      await ask('state', { stage, at: `${at}` })
      for (const target of TARGETS) await ask('top', { stage, target, at: `${at}` })
    }
    const tops: Top[] = []
    for (const target of TARGETS) tops.push((await ask('top', { stage, target })) as Top)
    await keepStations(city, stage, stationsOf(tops, extent), extent, keep)
    if (extent.publicMode) continue
    await ask('gate', { stage })
    for (const target of TARGETS) await ask('model', { stage, target })
  }
  if (extent.publicMode) return
  await ask('system')
  const { incidents } = (await ask('releases')) as Releases
  for (const { id } of incidents) await ask('incident', {}, { id })
  const { plans } = (await ask('plans')) as AnswerOf<'plans'>
  for (const { id } of plans) await ask('plan', {}, { id })
  await ask('constraints')
}

/** Batches of the last hours, oldest first. */
export function lastHours(
  batches: readonly EpochSeconds[],
  until: EpochSeconds,
  hours: number,
): EpochSeconds[] {
  return batches.filter((at) => at <= until && at > until - hours * HOUR_SECONDS)
}

/** Stations with a view of their own: those that will run out before those that have, each by score. */
function stationsOf(tops: readonly Top[], { stations }: Extent): string[] {
  const rows = (['onsets', 'empty'] as const).flatMap((list) =>
    tops.flatMap((top) => top[list]).toSorted((a, b) => b.score - a.score),
  )
  return [...new Set(rows.map((row) => row.station_id))].slice(0, stations)
}

async function keepStations(
  city: string,
  stage: Stage,
  ids: readonly string[],
  { publicMode }: Extent,
  keep: Keep,
): Promise<void> {
  for (const station_id of ids) {
    const params = { city, station_id }
    await keep({ name: 'station', params, query: { stage } })
    if (publicMode) continue
    for (const target of TARGETS) await keep({ name: 'why', params, query: { stage, target } })
  }
}

/** Path of an answer below /api, its parts encoded. */
export function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}
