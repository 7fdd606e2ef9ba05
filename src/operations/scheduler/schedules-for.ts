import type { ScheduleDefinition, ScheduleTarget } from '../../core/contracts/schedule.ts'
import { PARTS } from './parts.ts'

/**
 * A schedule for every part of the jobs that is started anew each time, in the order of the parts. `targetOf` says what a part is
 * started as.
 */
export function schedulesFor(
  targetOf: (part: string) => ScheduleTarget,
  prefix = 'bikeshare',
): ScheduleDefinition[] {
  return PARTS.flatMap(({ name, what, schedule }) =>
    schedule === null
      ? []
      : [
          {
            name: `${prefix}-${name}`,
            description: what,
            expression: schedule,
            timezone: 'UTC',
            target: targetOf(name),
          },
        ],
  )
}
