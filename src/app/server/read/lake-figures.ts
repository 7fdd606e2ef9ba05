import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import { HOUR_SECONDS } from '../../../core/time.ts'
import { costOf, type Cost } from '../../../operations/cost/cost-of.ts'
import type { CitySource } from '../city-source.ts'
import { cacheOf, kept } from './read-cache.ts'

type LakeFigures = Pick<SystemHealth, 'cost' | 'storage'>

const UNKNOWN: LakeFigures = { cost: null, storage: [] }
const KEY = 'lake-figures'

/**
 * What the lake takes, and what it would cost elsewhere. Every file is looked at, which takes seconds in a large lake: once an
 * hour, by `measureLake`. Here is only what it found last; nothing before.
 */
export function lakeFigures(source: CitySource): LakeFigures {
  return (cacheOf(source).answers.peek(KEY) as LakeFigures | undefined) ?? UNKNOWN
}

/** Measures the lake for `lakeFigures`, unless it was within the hour. */
export async function measureLake(source: CitySource): Promise<void> {
  const { platform, info, config } = source
  const now = source.now()
  await kept(cacheOf(source).answers, KEY, String(Math.floor(now / HOUR_SECONDS)), async () =>
    figuresOf(
      await costOf(platform, {
        city: info.city,
        now,
        namespace: config.cw_custom_ns,
        region: config.region,
        retention: config.retention,
        retrain: config.run.retrain,
      }),
    ),
  )
}

function figuresOf({ here, aws }: Cost): LakeFigures {
  return {
    storage: here.datasets.map(({ dataset, bytes }) => ({ part: dataset, bytes })),
    cost: {
      currency: aws.currency,
      month: aws.known_usd,
      lines: aws.lines.map(({ service, item, quantity, price, usd }) => ({
        item: `${service}: ${item}`,
        quantity: quantity === null ? 'unknown' : `${Number(quantity.toPrecision(3))} ${price.unit}`,
        month: usd,
      })),
    },
  }
}
