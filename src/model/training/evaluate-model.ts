import type { Evaluation } from '../../core/contracts/manifest.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { evaluate } from '../evaluation/metrics.ts'
import { loadModel } from '../registry/registry.ts'
import { scoreRows } from './score-rows.ts'

/** Which version is judged, and on which ten-minute slots `[from, until)`. */
export interface EvaluateOptions {
  readonly group: string
  readonly version: string
  readonly from: EpochSeconds
  readonly until: EpochSeconds
  readonly signal?: AbortSignal
}

/** Judges a registered version at its own threshold on usable rows whose outcome is known. NOT_FOUND when there is none. */
export async function evaluateModel(
  platform: Pick<Platform, 'store' | 'warehouse' | 'scorer'>,
  { group, version, from, until, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const { manifest, model } = await loadModel(platform.store, group, version)
  const loaded = await platform.scorer.load(model)
  try {
    const { city, target, threshold } = manifest
    const rows = await scoreRows(platform.warehouse, loaded, { city, target, from, until }, signal)
    return evaluate({ ...rows, threshold })
  } finally {
    await loaded.close()
  }
}
