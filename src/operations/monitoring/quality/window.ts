import {
  BATCH_SECONDS,
  DAY_SECONDS,
  HORIZON_SECONDS,
  HOUR_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { Block } from './block.ts'
import { HourMemo } from './hour-memo.ts'
import { type Blocks, labelledBlocks } from './labelled-rows.ts'
import { firstChange, type LakeListing, listLake } from './lake-listing.ts'

/** Outcomes are looked at anew for this long: a snapshot may come late. */
export const LOOK_BACK_SECONDS = 2 * HOUR_SECONDS

/** What `readWindow` needs of a platform. */
export type WindowPlatform = Pick<Platform, 'store' | 'warehouse'>

/** Rows of the last 24 hours and of the batches that have no outcome yet, as they were joined last. */
export interface QualityWindow {
  /** Undefined before the first use. */
  loaded: LoadedWindow | undefined
  readonly memo: HourMemo
  /** What is known to be published, by endpoint and batch. */
  readonly published: Map<string, Publication>
}

/** The newest revision of a batch. */
export interface Publication {
  readonly at: EpochSeconds
  readonly revision: number
  readonly digest: string
}

interface LoadedWindow {
  readonly city: string
  readonly at: EpochSeconds
  readonly blocks: Blocks
  /** The lake just before the rows were read. */
  readonly listing: LakeListing
}

/** A window that holds nothing yet. Kept from batch to batch it saves reading 24 hours; a new one gives the same figures. */
export function openQualityWindow(): QualityWindow {
  return { loaded: undefined, memo: new HourMemo(), published: new Map() }
}

/**
 * Brings a window to `at`: it then has every block due in `(at - 26 h, at]`, and those predicted by `at` that are due
 * later. What is new is read, and what comes after the first outcome that a late or changed file may tell.
 */
export async function advanceWindow(
  platform: WindowPlatform,
  window: QualityWindow,
  { city, at }: { readonly city: string; readonly at: EpochSeconds },
): Promise<Blocks> {
  const dueFrom = at - DAY_SECONDS - LOOK_BACK_SECONDS
  const lookBack = at - LOOK_BACK_SECONDS
  const held = window.loaded
  const usable = held?.city === city && held.at <= at ? held : undefined
  // Before the rows are read: what comes in between is then seen as new the next time.
  const listing = await listLake(platform.store, { city, dueFrom, lookBack, at }, usable?.blocks ?? new Map())
  const settled = usable
    ? Math.min(
        usable.at,
        firstChange(usable.listing, listing, { from: dueFrom, upTo: usable.at, lookBack }) - 1,
      )
    : dueFrom
  const from = Math.max(settled, dueFrom)
  const blocks = usable ? kept(usable.blocks, dueFrom, from) : (new Map() as Blocks)
  const fresh = await labelledBlocks(platform, { city, dueFrom: from, dueTo: at + HORIZON_SECONDS })
  for (const [endpoint, slots] of fresh) {
    const all = blocks.get(endpoint) ?? new Map<EpochSeconds, Block>()
    for (const [slot, block] of slots) all.set(slot, block)
    blocks.set(endpoint, all)
  }
  if (!usable) window.published.clear()
  window.loaded = { city, at, blocks, listing }
  return blocks
}

/** The blocks due in `(dueFrom, until]`. */
function kept(blocks: Blocks, dueFrom: EpochSeconds, until: EpochSeconds): Blocks {
  const result: Blocks = new Map()
  for (const [endpoint, slots] of blocks) {
    const held = [...slots].filter(([slot]) => dueOf(slot) > dueFrom && dueOf(slot) <= until)
    if (held.length > 0) result.set(endpoint, new Map(held))
  }
  return result
}

const dueOf = (slot: EpochSeconds): EpochSeconds => slot + HORIZON_SECONDS

/** The blocks of one endpoint due in the 24 hours `(at - 24 h, at]`, by slot. */
export function dueBlocks(slots: ReadonlyMap<EpochSeconds, Block>, at: EpochSeconds): Block[] {
  const due: Block[] = []
  for (
    let slot = at - HORIZON_SECONDS - DAY_SECONDS + BATCH_SECONDS;
    dueOf(slot) <= at;
    slot += BATCH_SECONDS
  ) {
    const block = slots.get(slot)
    if (block) due.push(block)
  }
  return due
}

/** The blocks of one endpoint predicted by `at` whose outcome is due after it, by slot: at most three. */
export function pendingBlocks(slots: ReadonlyMap<EpochSeconds, Block>, at: EpochSeconds): Block[] {
  const pending: Block[] = []
  for (let slot = at - HORIZON_SECONDS + BATCH_SECONDS; slot <= at; slot += BATCH_SECONDS) {
    const block = slots.get(slot)
    if (block) pending.push(block)
  }
  return pending
}
