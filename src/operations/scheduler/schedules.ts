import type { Schedule, ScheduleState } from '../../core/contracts/schedule.ts'
import { OperatorError } from '../../core/errors.ts'
import { isoOf, type EpochSeconds } from '../../core/time.ts'
import type { Schedules } from '../../platform/ports.ts'
import { partOf, SCHEDULED_PARTS, scheduleName, type ScheduledPart } from './parts.ts'

/** The schedule of a part; null where the stack has not made it. */
export interface PartSchedule {
  readonly part: string
  readonly name: string
  readonly schedule: Schedule | null
}

/** Parts whose schedules were changed, and those that were in that state already. */
export interface ChangedParts {
  readonly state: ScheduleState
  readonly changed: readonly string[]
  readonly unchanged: readonly string[]
}

/** Longest description that a schedule takes. */
const MAX_DESCRIPTION = 512

/** The schedule of every part that has one. */
export async function partSchedules(schedules: Pick<Schedules, 'list'>): Promise<PartSchedule[]> {
  const found = await schedules.list(SCHEDULED_PARTS.map(scheduleName))
  return SCHEDULED_PARTS.map((part) => {
    const name = scheduleName(part)
    return { part: part.name, name, schedule: found.find((schedule) => schedule.name === name) ?? null }
  })
}

/** Starts parts no more; who did it, when and why stands in the schedules' descriptions. USAGE without a reason. */
export async function pauseParts(
  schedules: Pick<Schedules, 'setState'>,
  parts: readonly ScheduledPart[],
  { by, why, now }: { readonly by: string; readonly why: string; readonly now: EpochSeconds },
): Promise<ChangedParts> {
  if (why.trim() === '' || by.trim() === '')
    throw new OperatorError('USAGE', 'a pause needs who and why', 'Give --by and --why.')
  return change(schedules, parts, 'DISABLED', ({ what }) =>
    `Paused by ${by} at ${isoOf(now)}: ${why}. ${what}`.slice(0, MAX_DESCRIPTION),
  )
}

/** Starts paused parts by their schedules again. */
export async function resumeParts(
  schedules: Pick<Schedules, 'setState'>,
  parts: readonly ScheduledPart[],
): Promise<ChangedParts> {
  return change(schedules, parts, 'ENABLED', ({ what }) => what)
}

/** The part of a name that has a schedule. USAGE for one that has none, or that there is not. */
export function scheduledPart(name: string): ScheduledPart {
  const part = SCHEDULED_PARTS.find((candidate) => candidate.name === name)
  if (part) return part
  throw new OperatorError(
    'USAGE',
    `${partOf(name).name} has no schedule: its task stays`,
    `Stop it by \`aws ecs update-service --cluster bikeshare --service bikeshare-${name} --desired-count 0\`, start it by 1.`,
  )
}

async function change(
  schedules: Pick<Schedules, 'setState'>,
  parts: readonly ScheduledPart[],
  state: ScheduleState,
  describe: (part: ScheduledPart) => string,
): Promise<ChangedParts> {
  const changed: string[] = []
  const unchanged: string[] = []
  for (const part of parts) {
    const was = await schedules.setState(scheduleName(part), state, describe(part))
    ;(was ? changed : unchanged).push(part.name)
  }
  return { state, changed, unchanged }
}
