import type { Constraints, Depot, PlanSettings } from '../../core/contracts/plan.ts'

/** A truck that a plan may send. */
export interface Truck {
  readonly crew: string | null
  readonly depot: Depot | null
  readonly capacity: number
  readonly shiftSeconds: number
}

/**
 * The trucks of a plan: the crews on duty, at most `settings.trucks` of them; without any crew, as many trucks as asked for,
 * dealt out over the depots. Without depots they begin and end anywhere.
 */
export function trucksOf(settings: PlanSettings, { crews, depots }: Constraints): Truck[] {
  const usual = { capacity: settings.capacity, shiftSeconds: settings.shift_minutes * 60 }
  if (crews.length === 0) {
    return Array.from({ length: settings.trucks }, (_, n) => ({
      crew: null,
      depot: depots[n % Math.max(1, depots.length)] ?? null,
      ...usual,
    }))
  }
  return crews
    .filter(({ active }) => active)
    .slice(0, settings.trucks)
    .map((crew) => ({
      crew: crew.id,
      depot: depots.find(({ id }) => id === crew.depot) ?? null,
      capacity: crew.capacity ?? usual.capacity,
      shiftSeconds: crew.shift_minutes === null ? usual.shiftSeconds : crew.shift_minutes * 60,
    }))
}

/** Trucks that are alike are one class; `members` are indices of trucks, in order. */
export interface TruckGroup {
  readonly truck: Truck
  readonly members: readonly number[]
}

/** Groups trucks that are alike. */
export function groupTrucks(trucks: readonly Truck[]): TruckGroup[] {
  const groups = new Map<string, { truck: Truck; members: number[] }>()
  trucks.forEach((truck, n) => {
    const key = JSON.stringify([truck.depot?.id ?? null, truck.capacity, truck.shiftSeconds])
    const group = groups.get(key) ?? { truck, members: [] }
    group.members.push(n)
    groups.set(key, group)
  })
  return [...groups.values()]
}
