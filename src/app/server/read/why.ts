import type { Explanation } from '../../../core/contracts/explanation.ts'
import type { Target } from '../../../core/contracts/features.ts'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { explainPredictions } from '../../../model/explanation/explain.ts'
import type { CitySource } from '../city-source.ts'
import { momentOf } from './as-of.ts'
import { endpointAt } from './endpoints.ts'
import { cacheOf } from './read-cache.ts'
import { forRequest } from './request.ts'
import type { ViewOptions } from './state.ts'

/** Why a station was judged as it was. NOT_FOUND when no endpoint of the stage said anything of it in the hour before. */
export async function readWhy(
  given: CitySource,
  o: ViewOptions & { readonly target: Target; readonly station_id: string },
): Promise<Explanation> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const endpoint = await endpointAt(source, { at, stage: o.stage, target: o.target })
  const { city, timezone, country } = source.info
  const found =
    endpoint &&
    (await explainPredictions(source.platform, {
      city,
      timezone,
      country,
      endpoint,
      at,
      station_ids: [o.station_id],
      cache: cacheOf(source).models,
    }))
  const explanation = found ? found.predictions[0] : undefined
  if (explanation) return explanation
  throw new OperatorError(
    'NOT_FOUND',
    `no endpoint of ${o.stage} said anything of ${o.target} at station "${o.station_id}" in the hour before ${isoOf(at)}`,
    'Take another time or stage.',
  )
}
