import { setImmediate as breathe } from 'node:timers/promises'
import type { EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { learnDemand, type DemandZone } from './demand.ts'
import { heedModel } from './heed-model.ts'
import { stationOutlook, type MinuteDemand, type StationOutlook } from './lost-rides.ts'
import { saidChances, type SaidChances } from './said-chances.ts'
import { stationsAt, type StationNow } from './stations-at.ts'

/** Minutes of a bucket: within one, a stop is worth the same. */
export const BUCKET_MINUTES = 10
/** No more bikes or docks than this are counted: beyond, a station does not run out in a day. */
const MOST_BIKES = 200
/** Stations between two pauses, in which other work of the process goes on. */
const AT_ONCE = 50

/** A station, its riders, and its lost rides. */
export interface AssessedStation {
  readonly station: StationNow
  readonly demand: MinuteDemand
  readonly outlook: StationOutlook
  /** Expected lost rides over the horizon when nothing is moved. */
  readonly lost: number
}

/** A city as it stands at a time, with what is expected of it. */
export interface Assessment {
  readonly stateAt: EpochSeconds
  readonly days: readonly string[]
  readonly said: { readonly bikes: SaidChances | null; readonly docks: SaidChances | null }
  readonly stations: readonly AssessedStation[]
}

/** Assesses every working station at `at` for a horizon of `minutes`, from what was known then. */
export async function assessCity(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  o: DemandZone & { readonly at: EpochSeconds; readonly minutes: number },
): Promise<Assessment> {
  const { stateAt, stations } = await stationsAt(platform, o.city, o.at)
  const learnt = await learnDemand(platform, o, o.at)
  const said = {
    bikes: await saidChances(platform, o.city, 'bikes', o.at),
    docks: await saidChances(platform, o.city, 'docks', o.at),
  }
  const assessed: AssessedStation[] = []
  for (const [n, station] of stations.entries()) {
    if (n % AT_ONCE === 0) await breathe()
    const bikes = Math.min(MOST_BIKES, station.bikes)
    const docks = Math.min(MOST_BIKES, station.docks)
    const says = {
      bikes: said.bikes?.chances.get(station.station_id) ?? null,
      docks: said.docks?.chances.get(station.station_id) ?? null,
    }
    const usual = learnt.minutes(station.station_id, o.at, o.minutes)
    const demand = heedModel(usual, { bikes, docks, says })
    const outlook = stationOutlook(demand, {
      bikes,
      docks: bikes + docks,
      minutes: o.minutes,
      bucket: BUCKET_MINUTES,
    })
    assessed.push({ station, demand, outlook, lost: outlook.values[0]?.[bikes] ?? 0 })
  }
  return { stateAt, days: learnt.days, said, stations: assessed }
}
