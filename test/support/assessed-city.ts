import { seededRandom } from '../../src/core/seeded-random.ts'
import type { PlanSettings } from '../../src/core/contracts/plan.ts'
import { BUCKET_MINUTES, type AssessedStation } from '../../src/operations/rebalancing/assess.ts'
import { stationOutlook } from '../../src/operations/rebalancing/lost-rides.ts'

/** Settings of a small plan; tests change what they are about. */
export const SETTINGS: PlanSettings = {
  trucks: 2,
  capacity: 12,
  speed_kph: 18,
  detour: 1.3,
  handling_minutes: 0.75,
  stop_minutes: 4,
  shift_minutes: 90,
  horizon_minutes: 120,
  time_limit_seconds: 30,
}

/** A made-up city as it is assessed: stations within 2 km, some nearly empty, some nearly full, each with its own riders. */
export function assessedCity(seed: number, stations: number, minutes: number): AssessedStation[] {
  const random = seededRandom(seed)
  return Array.from({ length: stations }, (_, n) => {
    const size = 5 + Math.floor(random() * 25)
    const bikes = Math.round(size * (random() < 0.5 ? 0.15 * random() : 1 - 0.3 * random()))
    const demand = {
      rentals: new Float64Array(minutes).fill(random() * 0.2),
      returns: new Float64Array(minutes).fill(random() * 0.2),
    }
    const outlook = stationOutlook(demand, { bikes, docks: size, minutes, bucket: BUCKET_MINUTES })
    const station = {
      station_id: `s${n}`,
      name: `Station ${n}`,
      lat: 40.7 + 0.02 * random(),
      lon: -74 + 0.02 * random(),
      bikes,
      docks: size - bikes,
    }
    return { station, demand, outlook, lost: outlook.values[0]?.[bikes] ?? 0 }
  })
}
