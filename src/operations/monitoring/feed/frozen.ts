import type { EpochSeconds } from '../../../core/time.ts'

/** By station, the hours (their beginnings) in which it was seen, and whether its counts changed in them. */
export type Activity = ReadonlyMap<string, ReadonlyMap<EpochSeconds, boolean>>

/** Stations that stand still against their habit. */
export interface Frozen {
  /** Stations that are active enough to be told from frozen ones. */
  readonly judged: number
  readonly frozen: readonly FrozenStation[]
  /** Of the judged stations; null when there is none. */
  readonly share: number | null
}

export interface FrozenStation {
  readonly station_id: string
  /** Beginning of the first hour in which it stood still. */
  readonly since: EpochSeconds
  /** Chance of that, by its habit. */
  readonly chance: number
}

/** A station that stands still with less chance than this is frozen. */
const LEAST_CHANCE = 1e-4
/** Hours that the city's habit counts for beside a station's own. */
const PRIOR_HOURS = 2
/** However sure a habit looks, an hour may pass without a change. */
const MOST_SURE = 0.9
/** A station has to be expected to change in this many hours to tell how active the city is. */
const TELLING_HOURS = 5
/** The city is as active as its livelier stations, so that frozen ones do not make it look quiet. */
const LIVELIER = 0.75
/** No city is as quiet as this: it is the feed that stands still. */
const LEAST_ACTIVE = 0.2

/**
 * Which stations stand still, from the hours since `from` against the hours before it. A station's chance of a change is
 * that of the same hour of weekdays (or of weekends), drawn towards its other days and the city; it is lowered alike for
 * all stations when the whole city is quiet. The chance of standing still is the product over the hours since it last
 * changed. Stations that would not have been sure to move within the window are not judged: at night, or small.
 */
export function frozenStations(
  activity: Activity,
  from: EpochSeconds,
  kindOf: (hour: EpochSeconds) => { readonly hour: number; readonly weekend: boolean },
): Frozen {
  const city = new Counts()
  const habits = new Map<string, Counts>()
  for (const [station, hours] of activity) {
    const own = new Counts()
    for (const [hour, changed] of hours)
      if (hour < from) {
        own.add(kindOf(hour), changed)
        city.add(kindOf(hour), changed)
      }
    habits.set(station, own)
  }
  const chanceOf = (station: string, hour: EpochSeconds): number => {
    const kind = kindOf(hour)
    const [cityChanged, citySeen] = city.all(kind.hour)
    const prior = citySeen === 0 ? 0 : cityChanged / citySeen
    const [changed, seen] = habits.get(station)?.all(kind.hour) ?? [0, 0]
    const usual = (changed + PRIOR_HOURS * prior) / (seen + PRIOR_HOURS)
    const [alikeChanged, alikeSeen] = habits.get(station)?.of(kind) ?? [0, 0]
    return (alikeChanged + PRIOR_HOURS * usual) / (alikeSeen + PRIOR_HOURS)
  }
  const window = [...activity].map(([station, hours]) => {
    const since = [...hours].filter(([hour]) => hour >= from).sort((a, b) => b[0] - a[0])
    return {
      station,
      hours: since.map(([hour, changed]) => ({ hour, changed, chance: chanceOf(station, hour) })),
    }
  })
  const active = activityOf(window.map((station) => station.hours))
  let judged = 0
  const frozen: FrozenStation[] = []
  for (const { station, hours: newestFirst } of window) {
    const still = (list: typeof newestFirst): number =>
      list.reduce((product, { chance }) => product * (1 - Math.min(MOST_SURE, chance * active)), 1)
    if (still(newestFirst) >= LEAST_CHANCE) continue
    judged++
    const moved = newestFirst.findIndex(({ changed }) => changed)
    const run = moved === -1 ? newestFirst : newestFirst.slice(0, moved)
    const chance = still(run)
    const since = run.at(-1)?.hour
    if (chance < LEAST_CHANCE && since !== undefined) frozen.push({ station_id: station, since, chance })
  }
  frozen.sort((a, b) => a.chance - b.chance || (a.station_id < b.station_id ? -1 : 1))
  return { judged, frozen, share: judged === 0 ? null : frozen.length / judged }
}

/** How often stations change beside their habit: of the livelier quarter, and no more than usual. */
function activityOf(
  stations: readonly (readonly { readonly changed: boolean; readonly chance: number }[])[],
): number {
  const ratios = stations.flatMap((hours) => {
    const expected = hours.reduce((sum, { chance }) => sum + chance, 0)
    return expected < TELLING_HOURS ? [] : [hours.filter(({ changed }) => changed).length / expected]
  })
  const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(LIVELIER * ratios.length)] ?? 1
  return ratio < LEAST_ACTIVE ? 1 : Math.min(1, ratio)
}

/** Hours with a change, and hours seen, by hour of the day and kind of day. */
class Counts {
  readonly #changed = new Float64Array(48)
  readonly #seen = new Float64Array(48)

  add({ hour, weekend }: { readonly hour: number; readonly weekend: boolean }, changed: boolean): void {
    const place = hour + (weekend ? 24 : 0)
    this.#seen[place] = (this.#seen[place] ?? 0) + 1
    if (changed) this.#changed[place] = (this.#changed[place] ?? 0) + 1
  }

  of({ hour, weekend }: { readonly hour: number; readonly weekend: boolean }): readonly [number, number] {
    const place = hour + (weekend ? 24 : 0)
    return [this.#changed[place] ?? 0, this.#seen[place] ?? 0]
  }

  all(hour: number): readonly [number, number] {
    const [weekday, weekend] = [this.of({ hour, weekend: false }), this.of({ hour, weekend: true })]
    return [weekday[0] + weekend[0], weekday[1] + weekend[1]]
  }
}
