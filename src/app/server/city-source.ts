import type { Config } from '../../core/config/schema.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import type { Clock } from '../../core/time.ts'
import { requireLake, type LakeInfo } from '../../data/lake/lake-info.ts'
import type { Platform } from '../../platform/ports.ts'

/** A city that the server shows: its lake, opened, and the time that holds there. */
export interface CitySource {
  readonly name: string
  readonly platform: Platform
  readonly info: LakeInfo
  readonly config: Config
  /** The lake's time: its virtual clock, or the wall clock. */
  readonly now: Clock
  /** True for a lake that a demo, a simulation or a recording filled. */
  readonly virtual: boolean
}

/** A city that is to be shown, whether or not its lake can be read now. */
export interface ShownCity {
  readonly name: string
  readonly platform: Platform
  /**
   * Its lake as lake.json says now; always the same object. Rejects with what is wrong while there is no lake, or one of
   * another city or format.
   */
  source(): Promise<CitySource>
}

/** `givenNow` is a moment to stay at, before the lake's own clock; `wall` is for a lake without one. */
export function showCity(
  name: string,
  platform: Platform,
  o: { readonly config: Config; readonly wall: Clock; readonly givenNow?: number | undefined },
): ShownCity {
  let info: LakeInfo | undefined
  const known = (): LakeInfo => {
    if (info === undefined) throw new Error(`the lake of ${name} was never read`)
    return info
  }
  const source: CitySource = {
    name,
    platform,
    config: o.config,
    get info() {
      return known()
    },
    now: () => o.givenNow ?? known().virtual_now ?? o.wall(),
    get virtual() {
      return o.givenNow !== undefined || known().virtual_now !== null
    },
  }
  return {
    name,
    platform,
    async source() {
      try {
        info = await requireLake(platform.store, name)
      } catch (error) {
        if (error instanceof OperatorError) throw error
        throw new OperatorError('UNAVAILABLE', `the lake of ${name} cannot be read: ${messageOf(error)}`)
      }
      return source
    },
  }
}
