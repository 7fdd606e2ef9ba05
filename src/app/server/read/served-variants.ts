import { ONLY_VARIANT } from '../../../core/contracts/release.ts'
import type { CitySource } from '../city-source.ts'
import { servedBy, servingHistory } from './endpoints.ts'
import type { Window } from './metric-lines.ts'

/** The variants that an endpoint served with at any time of a window, in order. */
export async function variantsIn(
  source: CitySource,
  endpoint: string,
  { from, to }: Window,
): Promise<string[]> {
  const { entries } = await servingHistory(source)
  const served = [
    await servedBy(source, endpoint, from),
    ...entries
      .filter((entry) => entry.endpoint === endpoint && entry.at > from && entry.at <= to)
      .map((entry) => entry.to),
    await servedBy(source, endpoint, to),
  ]
  const names = new Set(served.flatMap((one) => (one?.variants ?? []).map(({ variant }) => variant)))
  if (names.size === 0) names.add(ONLY_VARIANT)
  return [...names].sort()
}
