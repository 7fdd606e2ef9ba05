import { HOUR_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { skewHour, type SkewCity } from './skew-hour.ts'

/** FeatureSkew of an endpoint: of its live predictions of a time, those made from other features than the lake's. */
export interface FeatureSkew {
  readonly predictions: number
  readonly skewed: number
  readonly share: number
}

const HOURS = 24

/**
 * FeatureSkew by endpoint over the slots in `[at - 24 h, at)`, each slot compared once. The lake's features are those that
 * it could have had when the prediction was made. An endpoint without a live prediction is absent.
 */
export async function featureSkew(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: SkewCity,
  at: EpochSeconds,
): Promise<Map<string, FeatureSkew>> {
  const sums = new Map<string, { predictions: number; skewed: number }>()
  for (let end = at - (HOURS - 1) * HOUR_SECONDS; end <= at; end += HOUR_SECONDS)
    for (const { endpoint, predictions, skewed } of await skewHour(platform, city, end)) {
      const sum = sums.get(endpoint) ?? { predictions: 0, skewed: 0 }
      sums.set(endpoint, { predictions: sum.predictions + predictions, skewed: sum.skewed + skewed })
    }
  return new Map([...sums].map(([name, sum]) => [name, { ...sum, share: sum.skewed / sum.predictions }]))
}
