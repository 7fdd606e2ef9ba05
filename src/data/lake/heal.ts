import type { EpochSeconds } from '../../core/time.ts'
import type { Reporter } from '../../core/report.ts'
import { isoOf } from '../../core/time.ts'
import { listPending, settlePending, type Pending } from './pending.ts'
import { clearStaging, type LakeParts } from './publish.ts'
import { finishInformation } from './store-information.ts'
import { finishStatus } from './store-status.ts'
import { finishWeather } from './store-weather.ts'

/** A note without a document may belong to an ingest that is running; after this long it does not. */
const ABANDONED_SECONDS = 600

/**
 * Finishes what killed ingests began: raw documents without their curated rows. Costs one empty listing when there is
 * nothing to do. Returns how many documents it finished.
 */
export async function heal(
  platform: LakeParts,
  options: { readonly city: string; readonly now: EpochSeconds; readonly report: Reporter },
): Promise<number> {
  let finished = 0
  const found = await listPending(platform.store, options.city)
  if (found.length > 0) await clearStaging(platform.store)
  for (const pending of found) {
    if (await finish(platform, pending)) {
      finished++
      options.report.info(`Finished ${pending.feed} of ${isoOf(pending.at)}, which a stopped run had begun.`)
    } else if (options.now - pending.origin.fetched_at > ABANDONED_SECONDS) {
      await settlePending(platform.store, pending)
    }
  }
  return finished
}

function finish(platform: LakeParts, pending: Pending): Promise<boolean> {
  const { feed, origin } = pending
  if (feed === 'station_status') return finishStatus(platform, pending, origin)
  if (feed === 'station_information') return finishInformation(platform, pending, origin, pending.valid_from)
  return finishWeather(platform, pending, origin)
}
