import { loadSql } from '../../../core/sql.ts'
import { parseDs } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'

const STATION_GROUPS_SQL = loadSql(import.meta.url, './station-groups.sql')

/** Stations by size: of a capacity up to `small`, up to `medium`, and above. */
export interface GroupBounds {
  readonly small: number
  readonly medium: number
}

export const STATION_GROUPS = ['small', 'medium', 'large', 'unknown'] as const
export type StationGroup = (typeof STATION_GROUPS)[number]

/**
 * The terciles of capacity over the stations of a day, as they are at its beginning (UTC): every feed has capacities, and
 * the groups change at most once a day. Null when no capacity is known.
 */
export async function groupBounds(
  { warehouse }: Pick<Platform, 'warehouse'>,
  city: string,
  ds: string,
): Promise<GroupBounds | null> {
  const rows = await warehouse.rows<{ capacity: number }>({
    name: 'station groups',
    sql: STATION_GROUPS_SQL,
    tables: { stations: { dataset: 'stations', city, dsFrom: ds, dsTo: ds } },
    params: { at: parseDs(ds) },
  })
  return terciles(rows.map(({ capacity }) => capacity))
}

/** The capacities that a third, and two thirds, of the stations do not exceed. */
export function terciles(capacities: readonly number[]): GroupBounds | null {
  const sorted = capacities.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return sorted.length === 0 ? null : { small: at(1 / 3), medium: at(2 / 3) }
}

/** The group of a capacity; -1 is not known. */
export function groupOf(capacity: number, bounds: GroupBounds | null): StationGroup {
  if (bounds === null || capacity < 0) return 'unknown'
  if (capacity <= bounds.small) return 'small'
  return capacity <= bounds.medium ? 'medium' : 'large'
}

/** The least and greatest capacity of a group; null where it has no end. */
export function groupRange(
  group: StationGroup,
  bounds: GroupBounds | null,
): { readonly capacity_min: number | null; readonly capacity_max: number | null } {
  if (bounds === null || group === 'unknown') return { capacity_min: null, capacity_max: null }
  return {
    capacity_min: { small: null, medium: bounds.small + 1, large: bounds.medium + 1 }[group],
    capacity_max: { small: bounds.small, medium: bounds.medium, large: null }[group],
  }
}
