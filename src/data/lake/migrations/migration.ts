import type { Reporter } from '../../../core/report.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { LakeParts } from '../publish.ts'

/** One step from a format to the next. It may be stopped anywhere and run again, and sets the new format last. */
export interface Migration {
  readonly from: number
  readonly what: string
  run(
    platform: LakeParts,
    options: { readonly now: EpochSeconds; readonly report: Reporter; readonly signal?: AbortSignal },
  ): Promise<void>
}
