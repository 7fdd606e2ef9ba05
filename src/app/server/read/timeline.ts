import type { Timeline } from '../../../core/contracts/api/city.ts'
import type { Stage } from '../../../core/contracts/api/common.ts'
import { STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { asOf, momentOf } from './as-of.ts'
import { batchDaysOf, slotsOf } from './batches.ts'
import { cityEndpoints } from './endpoints.ts'
import { dayTimes, lakeDays } from './snapshot-times.ts'
import { forRequest } from './request.ts'

/** The moments until now that can be shown. */
export async function readTimeline(given: CitySource, o: { readonly stage: Stage }): Promise<Timeline> {
  const source = forRequest(given)
  const now = momentOf(source, undefined)
  const endpoints = (await cityEndpoints(source))
    .filter(({ stage }) => stage === o.stage)
    .map(({ endpoint }) => endpoint)
  const batches = new Set<EpochSeconds>()
  for (const endpoint of endpoints)
    for (const ds of await batchDaysOf(source, endpoint))
      for (const slot of await slotsOf(source, endpoint, ds)) if (slot <= now) batches.add(slot)
  const { from, to, gaps } = await snapshotSpan(source, now)
  return {
    as_of: await asOf(source, now, endpoints),
    from,
    to,
    batches: [...batches].sort((a, b) => a - b),
    gaps,
  }
}

/** First and last snapshot until `now`, and the stretches of over 15 minutes between two of them. */
export async function snapshotSpan(
  source: CitySource,
  now: EpochSeconds,
): Promise<Pick<Timeline, 'from' | 'to' | 'gaps'>> {
  const gaps: [EpochSeconds, EpochSeconds][] = []
  let [from, to]: [number | null, number | null] = [null, null]
  for (const ds of await lakeDays(source))
    for (const time of (await dayTimes(source, ds, now)).times) {
      if (time > now) continue
      from ??= time
      if (to !== null && time - to > STATE_MAX_AGE_SECONDS) gaps.push([to, time])
      to = time
    }
  if (to !== null && now - to > STATE_MAX_AGE_SECONDS) gaps.push([to, now])
  return { from, to, gaps }
}
