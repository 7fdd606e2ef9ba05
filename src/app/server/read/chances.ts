import type { Calibration, Chance } from '../../../core/contracts/explanation.ts'
import type { Target } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { calibrationsOf, chanceOf } from '../../../model/explanation/calibrations.ts'
import type { CitySource } from '../city-source.ts'
import type { Said } from './batch.ts'
import { cellsOf } from './cells-of.ts'
import { cacheOf } from './read-cache.ts'

/** How often what was said with such a score came; null where too little is known. */
export type ChanceOf = (said: Said) => Chance | null

/** Chances of what an endpoint says at `at`, by outcomes that were known by then. */
export async function chancesAt(
  source: CitySource,
  o: { readonly endpoint: string; readonly target: Target; readonly at: EpochSeconds },
  said: readonly Said[],
): Promise<ChanceOf> {
  const model_versions = new Set(said.flatMap(({ maker }) => maker.model_version.split('+')))
  if (model_versions.size === 0) return () => null
  const calibrations = await calibrationsOf(
    source.platform,
    {
      ...o,
      city: source.info.city,
      model_versions,
      countHour: (range) => cellsOf(source, { ...range, target: o.target, at: o.at }),
    },
    cacheOf(source).models,
  ).catch((): ReadonlyMap<string, Calibration> => new Map())
  return ({ maker, score }) => chanceOf(calibrations.get(maker.model_version), score)
}
