import { dayKey, partitionPrefix, predictionsKey } from '../../../core/keys.ts'
import {
  BATCH_SECONDS,
  dsRange,
  HORIZON_SECONDS,
  parseDs,
  parseDt,
  STATE_MAX_AGE_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { Blocks } from './labelled-rows.ts'

/** The files that labelled rows are made of, with their tags: by this it is seen what came, or changed, meanwhile. */
export interface LakeListing {
  /** By key: the tag, and the first outcome that the file may tell. */
  readonly files: ReadonlyMap<string, { readonly tag: string; readonly due: EpochSeconds }>
}

const predictionsDay = (endpoint: string, city: string, ds: string): string =>
  `inference/endpoint=${endpoint}/city=${city}/ds=${ds}/`

/** What to list: the files behind outcomes due in `(dueFrom, at]`. */
export interface ListedRange {
  readonly city: string
  readonly dueFrom: EpochSeconds
  /** Predictions are never changed, so that before this only those of missing batches are looked for. */
  readonly lookBack: EpochSeconds
  readonly at: EpochSeconds
}

/** Lists the snapshots of a range, and the predictions that may be new: of an endpoint that `blocks` knows, since its first. */
export async function listLake(
  store: ObjectStore,
  { city, dueFrom, lookBack, at }: ListedRange,
  blocks: Blocks,
): Promise<LakeListing> {
  const files = new Map<string, { tag: string; due: EpochSeconds }>()
  const first = dueFrom - STATE_MAX_AGE_SECONDS
  for (const ds of dsRange(first, at)) {
    const live = partitionPrefix('station_status_live', city, ds)
    for await (const { key, etag } of store.list(live)) {
      const time = parseDt(key.slice(live.length).replace(/\.parquet$/, ''))
      if (time !== undefined && time > first && time <= at) files.set(key, { tag: etag, due: time })
    }
    for await (const { key, etag } of store.list(dayKey('station_status', city, ds)))
      files.set(key, { tag: etag, due: parseDs(ds) })
  }
  const listPredictions = async (prefix: string): Promise<void> => {
    for await (const { key, etag } of store.list(prefix)) {
      const slot = parseDt(/\/dt=([^/]+)\/[^/]+\.parquet$/.exec(key)?.[1] ?? '')
      const due = (slot ?? Infinity) + HORIZON_SECONDS
      if (due > dueFrom && due <= at) files.set(key, { tag: etag, due })
    }
  }
  for (const folder of await store.folders('inference/')) {
    const endpoint = folder.replace(/^endpoint=/, '')
    const slots = blocks.get(endpoint)
    if (!slots)
      for (const ds of dsRange(dueFrom - HORIZON_SECONDS, at))
        await listPredictions(predictionsDay(endpoint, city, ds))
    else
      for (let slot = Math.min(...slots.keys()); slot + HORIZON_SECONDS <= at; slot += BATCH_SECONDS)
        if (slot + HORIZON_SECONDS > lookBack || !slots.has(slot))
          await listPredictions(predictionsKey(endpoint, city, slot).replace(/[^/]+$/, ''))
  }
  return { files }
}

/**
 * The first outcome, due in `(from, upTo]`, that may differ between two listings, by a file that came, went or changed;
 * Infinity when there is none.
 */
export function firstChange(
  before: LakeListing,
  after: LakeListing,
  range: { readonly from: EpochSeconds; readonly upTo: EpochSeconds; readonly lookBack: EpochSeconds },
): EpochSeconds {
  let first = Infinity
  const note = (due: EpochSeconds): void => {
    if (due <= range.upTo) first = Math.min(first, due)
  }
  for (const [key, { tag, due }] of after.files) if (before.files.get(key)?.tag !== tag) note(due)
  for (const [key, { due }] of before.files) {
    // Not listed any more since the window has moved on, which is no change.
    const passed = key.startsWith('inference/')
      ? due <= range.lookBack
      : due <= range.from - STATE_MAX_AGE_SECONDS
    if (!passed && !after.files.has(key)) note(due)
  }
  return first
}
