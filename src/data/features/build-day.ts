import { FEATURE_CONTRACT } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import { dayKey, DATASETS } from '../../core/keys.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { failedChecks } from './checks.ts'
import { featureStatement, featureTables, type SlotRange } from './feature-statement.ts'
import { writeMarker } from './marker.ts'

/** Rows are checked as a table, so those not published yet are a table of their own: of a city that nobody can name so. */
const uncheckedCity = (city: string): string => `${city}.unchecked`

/** What came of a day: its failed checks, none when its rows were published. */
export interface DayResult {
  readonly rows: number
  readonly failures: readonly string[]
}

/** Builds a day's rows, checks them, and puts them in place only if every check holds. */
export async function buildDay(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  ds: string,
  slots: SlotRange,
  inputs_sha256: string,
): Promise<DayResult> {
  const { store, warehouse } = platform
  const unchecked = dayKey('features', uncheckedCity(city), ds)
  const { rows, sha256 } = await warehouse.write(await featureStatement(store, city, slots), unchecked)
  const { calendar } = await featureTables(store, city, slots)
  const failures = await failedChecks(warehouse, slots, {
    features: { dataset: 'features', city: uncheckedCity(city), dsFrom: ds, dsTo: ds },
    calendar,
  })
  if (failures.length === 0) {
    const written = await store.get(unchecked)
    if (written === undefined)
      throw new OperatorError(
        'WRITE_CONFLICT',
        `${unchecked} disappeared while it was checked`,
        'Let one process at a time build the features of a lake, then run it again.',
      )
    await store.put(dayKey('features', city, ds), written.body)
    await writeMarker(store, 'features', city, ds, {
      inputs_sha256,
      rows,
      sha256,
      contract: FEATURE_CONTRACT,
    })
  }
  await store.delete(unchecked)
  return { rows, failures }
}

/** Removes what a killed build left unchecked. */
export async function clearUnchecked(store: ObjectStore, city: string): Promise<void> {
  for await (const { key } of store.list(`${DATASETS.features}/city=${uncheckedCity(city)}/`))
    await store.delete(key)
}
