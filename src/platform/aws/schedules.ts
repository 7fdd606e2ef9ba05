import {
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type GetScheduleCommandOutput,
} from '@aws-sdk/client-scheduler'
import { OperatorError } from '../../core/errors.ts'
import type { Schedules } from '../ports.ts'
import { clientSettings, opened, type AwsAccess } from './aws-access.ts'
import { failureOf, isNamed } from './aws-error.ts'

/** EventBridge Scheduler's schedules, in its default group, where the stack makes them. */
export function openSchedules(access: AwsAccess): Schedules {
  const client = opened(access, new SchedulerClient(clientSettings(access)))
  const find = async (Name: string): Promise<GetScheduleCommandOutput | undefined> => {
    try {
      return await client.send(new GetScheduleCommand({ Name }))
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return undefined
      throw failureOf(error, { action: 'scheduler:GetSchedule', resource: `schedule ${Name}` })
    }
  }

  return {
    async list(names) {
      const found = await Promise.all(names.map(find))
      return found.flatMap((schedule) =>
        schedule === undefined
          ? []
          : [
              {
                name: schedule.Name ?? '',
                expression: schedule.ScheduleExpression ?? '',
                timezone: schedule.ScheduleExpressionTimezone ?? 'UTC',
                state: schedule.State === 'DISABLED' ? ('DISABLED' as const) : ('ENABLED' as const),
                description: schedule.Description ?? '',
              },
            ],
      )
    },

    async setState(name, State, Description) {
      const before = await find(name)
      if (before === undefined)
        throw new OperatorError(
          'NOT_FOUND',
          `there is no schedule ${name}`,
          'The stack bikeshare-jobs makes it: `npm run cdk -- deploy bikeshare-jobs`.',
        )
      if (before.State === State) return false
      const { Target, FlexibleTimeWindow, ScheduleExpression } = before
      // An update replaces the whole schedule: what it does not name would be lost.
      const command = new UpdateScheduleCommand({
        Name: name,
        GroupName: before.GroupName,
        ScheduleExpression,
        ScheduleExpressionTimezone: before.ScheduleExpressionTimezone,
        FlexibleTimeWindow,
        Target,
        StartDate: before.StartDate,
        EndDate: before.EndDate,
        KmsKeyArn: before.KmsKeyArn,
        ActionAfterCompletion: before.ActionAfterCompletion,
        State,
        Description,
      })
      try {
        await client.send(command)
      } catch (error) {
        throw failureOf(error, { action: 'scheduler:UpdateSchedule', resource: `schedule ${name}` })
      }
      return true
    },

    close: () => client.destroy(),
  }
}
