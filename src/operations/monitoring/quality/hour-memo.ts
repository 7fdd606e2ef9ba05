import type { QualityFigures } from '../../../core/contracts/quality.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { localClock } from '../../../data/features/local-clock.ts'
import type { Block } from './block.ts'
import { figuresOf } from './figures.ts'

/** More than a window's slots. */
const MOST_HOURS = 1000

/** Local hours of slots, and figures of an hour's blocks for as long as these blocks stay the same. */
export class HourMemo {
  readonly #kept = new Map<string, { readonly digest: string; readonly figures: QualityFigures }>()
  readonly #hours = new Map<string, string>()
  readonly #clocks = new Map<string, ReturnType<typeof localClock>>()

  /** `00` to `23`: the hour of a slot by the city's clock. */
  hourOf(timezone: string, slot: EpochSeconds): string {
    const key = `${timezone}/${slot}`
    const known = this.#hours.get(key)
    if (known !== undefined) return known
    const clock = this.#clocks.get(timezone) ?? localClock(timezone)
    this.#clocks.set(timezone, clock)
    const hour = String(clock(slot).hour).padStart(2, '0')
    if (this.#hours.size > MOST_HOURS) this.#hours.clear()
    this.#hours.set(key, hour)
    return hour
  }

  figures(endpoint: string, hour: string, blocks: readonly Block[]): QualityFigures {
    const digest = blocks.map((block) => `${block.slot} ${block.digest}`).join('\n')
    const key = `${endpoint}/${hour}`
    const kept = this.#kept.get(key)
    if (kept?.digest === digest) return kept.figures
    const figures = figuresOf(blocks)
    this.#kept.set(key, { digest, figures })
    return figures
  }
}
