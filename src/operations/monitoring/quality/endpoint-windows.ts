import {
  BATCH_SECONDS,
  DAY_SECONDS,
  dsOf,
  dsRange,
  HORIZON_SECONDS,
  type EpochSeconds,
} from '../../../core/time.ts'
import type { Block } from './block.ts'
import { groupBounds, type GroupBounds } from './station-groups.ts'
import type { EndpointWindow } from './window-rows.ts'
import {
  advanceWindow,
  dueBlocks,
  LOOK_BACK_SECONDS,
  pendingBlocks,
  type QualityWindow,
  type WindowPlatform,
} from './window.ts'

/** Which window: the 24 hours that end at `at`. */
export interface WindowOptions {
  readonly city: string
  readonly timezone: string
  readonly at: EpochSeconds
}

/** An endpoint's predictions as of a batch. */
export interface EndpointView {
  readonly endpoint: string
  /** The 24 hours that end at `at`, no later than the batch that was asked for and at most two hours before it. */
  windowAt(at: EpochSeconds): EndpointWindow
  /** The blocks of some slots, as far as there are any. */
  blocksOf(slots: readonly EpochSeconds[]): Block[]
  /** Batches that were predicted by then, and have no outcome yet. */
  readonly pending: readonly Block[]
}

/** Reads the lake as of a batch: every endpoint that predicted something in the 24 hours, or whose outcomes are to come. */
export async function endpointViews(
  platform: WindowPlatform,
  window: QualityWindow,
  { city, timezone, at }: WindowOptions,
): Promise<EndpointView[]> {
  const blocks = await advanceWindow(platform, window, { city, at })
  const bounds = new Map<string, GroupBounds | null>()
  // A window of the look-back may end on the day before.
  for (const ds of dsRange(at - LOOK_BACK_SECONDS + BATCH_SECONDS, at))
    bounds.set(ds, await groupBounds(platform, city, ds))
  const views: EndpointView[] = []
  for (const [endpoint, slots] of [...blocks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (![...slots.keys()].some((slot) => slot <= at && slot > at - DAY_SECONDS - HORIZON_SECONDS)) continue
    views.push({
      endpoint,
      windowAt: (end) => ({
        city,
        endpoint,
        timezone,
        at: end,
        blocks: dueBlocks(slots, end),
        bounds: bounds.get(dsOf(end)) ?? null,
      }),
      blocksOf: (wanted) => wanted.flatMap((slot) => slots.get(slot) ?? []),
      pending: pendingBlocks(slots, at),
    })
  }
  return views
}
