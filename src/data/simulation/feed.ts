import { DAY_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { City } from './city.ts'
import type { FaultRates } from './knobs.ts'
import { listEntries, type Entry } from './listing.ts'
import { Random } from './random.ts'
import { freeDocks } from './state.ts'
import type { StatusColumns, StatusRow } from './status-columns.ts'

/** One station of the information feed from `validFrom` on. */
export interface InformationRow {
  readonly validFrom: EpochSeconds
  readonly entry: Entry
  readonly capacity: number
}

/** Prints a city as its GBFS feed would, with that feed's faults. */
export interface Feed {
  readonly entries: readonly Entry[]
  /** Writes one snapshot of the city as it is now, and the information that has changed since the one before. */
  publish(lastUpdated: EpochSeconds, status: StatusColumns): InformationRow[]
}

const HUGE_DOCKS = 999_999
const NEVER_REPORTED = 86_400
/** Stations report once in a while; the age of what a snapshot tells is at most this many seconds. */
const REPORT_SECONDS = 150
const FROZEN_HOURS = [1, 4] as const
const CAPACITY_ZERO_HOURS = [3, 18] as const

/** Opens the feed of a city; `stepSeconds` is the time between snapshots, from which rates per snapshot follow. */
export function openFeed(seed: number, city: City, rates: FaultRates, stepSeconds: number): Feed {
  const entries = listEntries(seed, city, rates)
  const frozen = new Map<string, { row: StatusRow; until: EpochSeconds }>()
  const zeroUntil = new Map<string, EpochSeconds>()
  const known = new Map<string, number>()
  const perStep = (city.stations.length * stepSeconds) / DAY_SECONDS

  const anyStation = (random: Random): Entry | undefined => {
    const entry = entries[random.below(entries.length)]
    return entry?.kind === 'station' ? entry : undefined
  }

  const changedInformation = (lastUpdated: EpochSeconds, random: Random): InformationRow[] => {
    for (let n = random.poisson(perStep * rates.capacityZero); n > 0; n--) {
      const entry = anyStation(random)
      if (entry !== undefined) zeroUntil.set(entry.id, lastUpdated + hoursFrom(random, CAPACITY_ZERO_HOURS))
    }
    const changed: InformationRow[] = []
    for (const entry of entries) {
      if (entry.kind === 'statusOnly') continue
      const zero = (zeroUntil.get(entry.id) ?? 0) > lastUpdated || entry.kind === 'activeGhost'
      const capacity = zero ? 0 : (city.state.docks[entry.station] ?? 0) - entry.docksHidden
      if (known.get(entry.id) === capacity) continue
      // A ghost keeps what was once written about it.
      if (entry.kind !== 'station' && known.has(entry.id)) continue
      known.set(entry.id, capacity)
      changed.push({ validFrom: lastUpdated, entry, capacity })
    }
    return changed
  }

  return {
    entries,
    publish(lastUpdated, status) {
      const random = new Random(seed, 'feed', lastUpdated)
      for (let n = random.poisson(perStep * rates.frozen); n > 0; n--) {
        const entry = anyStation(random)
        if (entry === undefined || frozen.has(entry.id)) continue
        const row = stationRow(city, entry.station, lastUpdated - random.below(REPORT_SECONDS))
        frozen.set(entry.id, { row, until: lastUpdated + hoursFrom(random, FROZEN_HOURS) })
      }
      const twice = random.chance(rates.listedTwice) ? anyStation(random) : undefined
      const huge = random.chance(rates.hugeDocks) ? anyStation(random) : undefined
      for (const entry of entries) {
        const reported = lastUpdated - 5 - random.below(REPORT_SECONDS)
        const held = frozen.get(entry.id)
        if (held !== undefined && held.until <= lastUpdated) frozen.delete(entry.id)
        const row = held?.row ?? rowOf(city, entry, reported)
        if (row === undefined) continue
        if (entry === twice) {
          const before = { ...row, bikes: Math.max(0, row.bikes - 1), lastReported: reported - 900 }
          status.add(lastUpdated, entry.id, before)
        }
        status.add(lastUpdated, entry.id, entry === huge ? { ...row, docks: HUGE_DOCKS } : row)
      }
      return changedInformation(lastUpdated, random)
    },
  }
}

function rowOf(city: City, entry: Entry, reported: EpochSeconds): StatusRow | undefined {
  switch (entry.kind) {
    case 'station':
      return stationRow(city, entry.station, reported)
    case 'reported86400':
      return ghostRow(false, NEVER_REPORTED)
    case 'activeGhost':
      return ghostRow(true, reported)
    case 'notInstalled':
    case 'statusOnly':
      return ghostRow(false, reported)
    default:
      return undefined
  }
}

function stationRow(city: City, i: number, reported: EpochSeconds): StatusRow {
  const { state } = city
  return {
    bikes: state.bikes[i] ?? 0,
    docks: freeDocks(state, i),
    bikesDisabled: state.disabled[i] ?? 0,
    docksDisabled: state.docksDisabled[i] ?? 0,
    ebikes: state.ebikes[i] ?? 0,
    installed: true,
    renting: state.renting[i] === 1,
    returning: state.returning[i] === 1,
    lastReported: reported,
  }
}

function ghostRow(active: boolean, reported: EpochSeconds): StatusRow {
  return {
    bikes: 0,
    docks: 0,
    bikesDisabled: 0,
    docksDisabled: 0,
    ebikes: 0,
    installed: active,
    renting: active,
    returning: active,
    lastReported: reported,
  }
}

function hoursFrom(random: Random, [low, high]: readonly [number, number]): number {
  return Math.round(random.between(low, high) * HOUR_SECONDS)
}
