import { z } from 'zod'
import { messageOf, OperatorError } from '../../core/errors.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import type { CityOptions } from './city.ts'

const KEY = 'simulation.json'

const schema = z.strictObject({
  simulation_version: z.literal(1),
  seed: z.int(),
  stations: z.int().min(10),
  from: z.int(),
  timezone: z.string().min(1),
  country: z.string().nullable(),
})

/** The simulated city that a lake was filled from: enough to make it again, with its usual knobs and centre. */
export type CityBehind = Required<Pick<CityOptions, 'seed' | 'stations' | 'from' | 'timezone' | 'country'>>

/** Says in a lake (`simulation.json`) which simulated city it was filled from, so that what-ifs can be lived through in it. */
export async function rememberCity(store: ObjectStore, city: CityBehind): Promise<void> {
  await store.put(KEY, `${JSON.stringify({ simulation_version: 1, ...city }, null, 2)}\n`)
}

/** The simulated city behind a lake; undefined for a lake of a real one. CORRUPT when simulation.json is damaged. */
export async function cityBehind(store: ObjectStore): Promise<CityBehind | undefined> {
  const object = await store.get(KEY)
  if (object === undefined) return undefined
  try {
    const { simulation_version: _, ...city } = schema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return city
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${KEY} is damaged: ${messageOf(error)}`,
      'Restore it from a backup.',
      error,
    )
  }
}
