import { STOCKOUT_AT_MOST, type FeatureName } from '../../src/core/contracts/features.ts'
import { TABLE_SCHEMAS } from '../../src/core/contracts/tables.ts'
import { dayKey } from '../../src/core/keys.ts'
import {
  DAY_SECONDS,
  dsOf,
  dtOf,
  HORIZON_SECONDS,
  SLOT_SECONDS,
  type EpochSeconds,
} from '../../src/core/time.ts'
import type { Warehouse } from '../../src/platform/ports.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'

/** A made-up city whose features are written directly, without status. */
export interface FeatureDays {
  readonly city: string
  /** 00:00 UTC of the first day. */
  readonly from: EpochSeconds
  readonly days: number
  readonly stations: number
  readonly seed: number
  /** Bikes never come near either end, so that nothing runs short. */
  readonly calm?: boolean
}

const CAPACITY = 20
const SLOTS_A_DAY = DAY_SECONDS / SLOT_SECONDS

/**
 * Writes the `features` partitions of a made-up city, in which bikes move on in the direction that they moved in, so that
 * there is more to learn than the count. Station 0 is not usable. The same settings write the same bytes.
 */
export async function writeFeatureDays(
  warehouse: Pick<Warehouse, 'writeRows'>,
  city: FeatureDays,
): Promise<void> {
  const bikes = Array.from({ length: city.stations }, (_, station) => walk(city, station))
  for (let day = 0; day < city.days; day++) {
    const rows: Record<string, string | number | boolean | null>[] = []
    for (let slot = day * SLOTS_A_DAY; slot < (day + 1) * SLOTS_A_DAY; slot++)
      bikes.forEach((path, station) => rows.push(rowOf(city, path, station, slot)))
    await warehouse.writeRows(
      dayKey('features', city.city, dsOf(city.from + day * DAY_SECONDS)),
      TABLE_SCHEMAS.features.map(({ name, type }) => ({
        name,
        type,
        values: rows.map((row) => row[name] ?? null),
      })),
    )
  }
}

/** Bikes of a station at every slot. */
function walk({ days, seed, calm = false }: FeatureDays, station: number): number[] {
  const random = seededRandom(seed * 1000 + station)
  let level = 4 + random() * 12
  let drift = 0
  return Array.from({ length: days * SLOTS_A_DAY }, () => {
    if (random() < 0.06) drift = (random() - 0.5) * 1.6
    level += drift + (random() - 0.5) * 0.4
    level = Math.min(calm ? 15 : CAPACITY, Math.max(calm ? 5 : 0, level))
    return Math.round(level)
  })
}

function rowOf(
  { city, from }: FeatureDays,
  path: readonly number[],
  station: number,
  index: number,
): Record<string, string | number | boolean | null> {
  const slot = from + index * SLOT_SECONDS
  const now = path[index] ?? 0
  const later = path[index + HORIZON_SECONDS / SLOT_SECONDS]
  const before = (slots: number): number | null => {
    const then = path[index - slots]
    return then === undefined ? null : now - then
  }
  const known: Partial<Record<FeatureName, number | null>> = {
    util_bikes: now / CAPACITY,
    util_docks: 1 - now / CAPACITY,
    delta_bikes_5m: before(1),
    roll15_net_bikes: before(3),
    roll30_net_bikes: before(6),
    roll60_net_bikes: before(12),
    hour: Math.floor((index % SLOTS_A_DAY) / 12),
  }
  const short = (count: number | undefined): number | null =>
    count === undefined ? null : Number(count <= STOCKOUT_AT_MOST)
  return {
    city,
    dt: dtOf(slot),
    slot,
    station_id: `s${String(station).padStart(3, '0')}`,
    state_at: slot - 60,
    capacity: CAPACITY,
    lat: 45.5,
    lon: -73.5,
    bikes: now,
    docks: CAPACITY - now,
    usable_bikes: station !== 0,
    usable_docks: station !== 0,
    ...known,
    target_bikes_t30: later ?? null,
    target_docks_t30: later === undefined ? null : CAPACITY - later,
    y_stockout_bikes_30: short(later),
    y_stockout_docks_30: short(later === undefined ? undefined : CAPACITY - later),
  }
}
