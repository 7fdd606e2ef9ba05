import type { Stations } from '../../../core/contracts/api/city.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { CitySource } from '../city-source.ts'
import { momentOf } from './as-of.ts'
import { stationList } from './station-list.ts'
import { forRequest } from './request.ts'

/** What changes seldom of a city's stations, as it was at a moment; empty before the first station is known. */
export async function readStations(
  given: CitySource,
  o: { readonly at?: EpochSeconds | undefined } = {},
): Promise<Stations> {
  const source = forRequest(given)
  return (await stationList(source, momentOf(source, o.at))).columns
}
