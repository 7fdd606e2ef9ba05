import { z } from 'zod'
import { partitionPrefix, type Dataset } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const markerSchema = z.strictObject({
  /** Hash of everything the partition was made of. */
  inputs_sha256: z.string(),
  rows: z.int().nonnegative(),
  /** Of the partition's day.parquet. */
  sha256: z.string(),
  /** Version of the feature contract; absent beside tables that features are made of. */
  contract: z.string().optional(),
})

/** `_inputs.json` beside a derived partition: it is up to date while its inputs have this hash. Written last. */
export type Marker = z.infer<typeof markerSchema>

const markerKey = (dataset: Dataset, city: string, ds: string): string =>
  `${partitionPrefix(dataset, city, ds)}_inputs.json`

/** The marker of a partition; undefined when there is none, or none that can be read: then the partition is built again. */
export async function readMarker(
  store: ObjectStore,
  dataset: Dataset,
  city: string,
  ds: string,
): Promise<Marker | undefined> {
  const object = await store.get(markerKey(dataset, city, ds))
  if (object === undefined) return undefined
  try {
    return markerSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch {
    return undefined
  }
}

/** Marks a partition as made of these inputs. */
export async function writeMarker(
  store: ObjectStore,
  dataset: Dataset,
  city: string,
  ds: string,
  marker: Marker,
): Promise<void> {
  await store.put(markerKey(dataset, city, ds), `${JSON.stringify(marker, null, 2)}\n`)
}
