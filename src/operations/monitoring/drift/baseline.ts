import { FEATURE_CONTRACT } from '../../../core/contracts/features.ts'
import { driftBaselineKey } from '../../../core/keys.ts'
import { inMemory, readDriftBaseline, type BaselineName, type DriftBaseline } from './baseline-file.ts'
import { buildBaseline, type BaselinePlatform } from './build-baseline.ts'

/**
 * The baseline of a model, made from the lake's features over its training window if it is not there yet. NOT_FOUND when
 * the model or the features of its training window are gone; CORRUPT when the file is damaged.
 */
export async function ensureDriftBaseline(
  platform: BaselinePlatform,
  name: BaselineName,
): Promise<DriftBaseline> {
  const found = await readDriftBaseline(platform.store, name.group, name.version)
  if (found?.timezone === name.timezone && found.feature_contract === FEATURE_CONTRACT) return found
  const built = await buildBaseline(platform, name)
  await platform.store.put(driftBaselineKey(name.group, name.version), `${JSON.stringify(built)}\n`)
  return inMemory(built)
}
