import type { Constraints, ConstraintsInput } from '../../../../src/core/contracts/plan.ts'
import { wholeNumber } from '../releases/strategy-form.ts'

/** What stands in the editor's fields, as typed. `key` tells lines apart while they are edited. */
export interface DepotDraft {
  readonly key: number
  readonly id: string
  readonly name: string
  readonly lat: string
  readonly lon: string
}
export interface CrewDraft {
  readonly key: number
  readonly id: string
  /** Id of a depot; empty begins at the first stop. */
  readonly depot: string
  readonly capacity: string
  readonly shift: string
  readonly active: boolean
}
export interface ClosedDraft {
  readonly key: number
  readonly station: string
  readonly why: string
}
export interface ConstraintsDraft {
  readonly depots: readonly DepotDraft[]
  readonly crews: readonly CrewDraft[]
  readonly closed: readonly ClosedDraft[]
}

export type DraftProblem = 'id' | 'twice' | 'lat' | 'lon' | 'capacity' | 'shift' | 'depot' | 'station'
/** Field (`depots.KEY.lat`) and what is wrong with it. */
export type DraftProblems = ReadonlyMap<string, DraftProblem>

const text = (value: number | null) => (value === null ? '' : String(value))

export function draftOf({
  depots,
  crews,
  closed_stations,
}: ConstraintsInput | Constraints): ConstraintsDraft {
  return {
    depots: depots.map(({ id, name, lat, lon }, key) => ({ key, id, name, lat: text(lat), lon: text(lon) })),
    crews: crews.map(({ id, depot, capacity, shift_minutes, active }, key) => ({
      key,
      id,
      depot: depot ?? '',
      capacity: text(capacity),
      shift: text(shift_minutes),
      active,
    })),
    closed: closed_stations.map(({ station_id, why }, key) => ({ key, station: station_id, why })),
  }
}

/** A key that no line of a list has. */
export function freshKey(lines: readonly { readonly key: number }[]): number {
  return Math.max(-1, ...lines.map(({ key }) => key)) + 1
}

/** @param known Ids of the city's stations; undefined when they are not known, and are not judged. */
export function readDraft(
  draft: ConstraintsDraft,
  known: ReadonlySet<string> | undefined,
): { readonly input: ConstraintsInput } | { readonly problems: DraftProblems } {
  const problems = new Map<string, DraftProblem>()
  const depotIds = new Set(draft.depots.map(({ id }) => id.trim()))
  judgeIds(
    'depots',
    draft.depots.map(({ key, id }) => [key, id, 'id']),
    problems,
  )
  judgeIds(
    'crews',
    draft.crews.map(({ key, id }) => [key, id, 'id']),
    problems,
  )
  judgeIds(
    'closed',
    draft.closed.map(({ key, station }) => [key, station, 'station']),
    problems,
  )
  for (const { key, lat, lon } of draft.depots) {
    if (!isDegree(lat, 90)) problems.set(`depots.${key}.lat`, 'lat')
    if (!isDegree(lon, 180)) problems.set(`depots.${key}.lon`, 'lon')
  }
  for (const { key, depot, capacity, shift } of draft.crews) {
    if (depot !== '' && !depotIds.has(depot)) problems.set(`crews.${key}.depot`, 'depot')
    if (capacity.trim() !== '' && wholeNumber(capacity, 1, 200) === undefined)
      problems.set(`crews.${key}.capacity`, 'capacity')
    if (shift.trim() !== '' && wholeNumber(shift, 1, 1440) === undefined)
      problems.set(`crews.${key}.shift`, 'shift')
  }
  for (const { key, station } of draft.closed)
    if (station.trim() !== '' && known !== undefined && !known.has(station.trim()))
      problems.set(`closed.${key}.station`, 'station')
  return problems.size > 0 ? { problems } : { input: inputOf(draft) }
}

function judgeIds(
  list: string,
  ids: readonly (readonly [number, string, string])[],
  problems: Map<string, DraftProblem>,
): void {
  const seen = new Set<string>()
  for (const [key, id, field] of ids) {
    const trimmed = id.trim()
    if (trimmed === '') problems.set(`${list}.${key}.${field}`, 'id')
    else if (seen.has(trimmed)) problems.set(`${list}.${key}.${field}`, 'twice')
    seen.add(trimmed)
  }
}

function isDegree(typed: string, most: number): boolean {
  return /^\s*[-+]?\d{1,3}([.,]\d{1,12})?\s*$/.test(typed) && Math.abs(degree(typed)) <= most
}

/** French keyboards have a comma. */
function degree(typed: string): number {
  return Number(typed.trim().replace(',', '.'))
}

function inputOf(draft: ConstraintsDraft): ConstraintsInput {
  const whole = (typed: string) => (typed.trim() === '' ? null : Number(typed))
  return {
    depots: draft.depots.map(({ id, name, lat, lon }) => ({
      id: id.trim(),
      name: name.trim(),
      lat: degree(lat),
      lon: degree(lon),
    })),
    crews: draft.crews.map(({ id, depot, capacity, shift, active }) => ({
      id: id.trim(),
      depot: depot === '' ? null : depot,
      capacity: whole(capacity),
      shift_minutes: whole(shift),
      active,
    })),
    closed_stations: draft.closed.map(({ station, why }) => ({
      station_id: station.trim(),
      why: why.trim(),
    })),
  }
}
