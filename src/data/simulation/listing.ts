import type { City } from './city.ts'
import type { FaultRates } from './knobs.ts'
import { Random } from './random.ts'

/** Why an entry of a feed is no ordinary station. */
export type EntryKind =
  | 'station'
  | 'reported86400'
  | 'activeGhost'
  | 'notInstalled'
  | 'statusOnly'
  | 'informationOnly'

/** One station as a feed lists it. */
export interface Entry {
  readonly id: string
  readonly kind: EntryKind
  /** Index of the city's station: its own, or for a ghost the one whose twin it is. */
  readonly station: number
  /** Docks that the information leaves out. */
  readonly docksHidden: number
}

/** What a feed lists, ordered by id: every station of the city, and the ghosts that real feeds carry along. */
export function listEntries(seed: number, city: City, rates: FaultRates): Entry[] {
  const random = new Random(seed, 'feed', 0)
  const count = city.stations.length
  const entries = city.stations.map((station, index): Entry => {
    const hides = random.chance(rates.capacityTooLow)
    return { id: station.id, kind: 'station', station: index, docksHidden: hides ? 1 + random.below(4) : 0 }
  })
  // Ghosts carry the short numbers of an earlier scheme of ids.
  let legacy = 70
  const haunt = (kind: EntryKind, per100: number): void => {
    const ghosts = per100 === 0 ? 0 : Math.max(1, Math.round((per100 * count) / 100))
    for (let n = 0; n < ghosts; n++) {
      legacy += 1 + random.below(9)
      entries.push({ id: String(legacy), kind, station: random.below(count), docksHidden: 0 })
    }
  }
  haunt('reported86400', rates.reported86400Per100)
  haunt('activeGhost', rates.activeGhostsPer100)
  haunt('notInstalled', rates.notInstalledPer100)
  haunt('statusOnly', rates.statusOnlyPer100)
  haunt('informationOnly', rates.informationOnlyPer100)
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1))
}
