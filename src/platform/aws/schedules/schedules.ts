import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
  type GetScheduleCommandOutput,
} from '@aws-sdk/client-scheduler'
import type { ScheduleDefinition } from '../../../core/contracts/schedule.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { canonicalJson } from '../../../core/hash.ts'
import { clientSettings, opened, type AwsAccess } from '../aws-access.ts'
import { failureOf, isNamed } from '../aws-error.ts'

/** What was done to a group's schedules, by their names. */
export interface PutSchedules {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
}

/** What is due is found out by what is started: a start that was missed is made up by the next. */
const RETRIES = { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 300 }

/**
 * Makes the schedules of a group those that are given: creates, updates and deletes what differs, and nothing else. Run again it
 * changes nothing.
 */
export async function putSchedules(
  access: AwsAccess,
  group: string,
  wanted: readonly ScheduleDefinition[],
): Promise<PutSchedules> {
  const client = opened(access, new SchedulerClient(clientSettings(access)))
  try {
    await createGroup(client, group)
    const there = await namesOf(client, group)
    const created: string[] = []
    const updated: string[] = []
    for (const definition of wanted) {
      const input = scheduleInput(group, definition)
      const { name } = definition
      if (!there.has(name)) {
        await call('CreateSchedule', name, client.send(new CreateScheduleCommand(input)))
        created.push(name)
        continue
      }
      const before = await call(
        'GetSchedule',
        name,
        client.send(new GetScheduleCommand({ GroupName: group, Name: name })),
      )
      if (isAsWanted(before, input)) continue
      await call('UpdateSchedule', name, client.send(new UpdateScheduleCommand(input)))
      updated.push(name)
    }
    const names = new Set(wanted.map(({ name }) => name))
    const deleted = [...there].filter((name) => !names.has(name))
    for (const Name of deleted)
      await call('DeleteSchedule', Name, client.send(new DeleteScheduleCommand({ GroupName: group, Name })))
    return { created, updated, deleted }
  } finally {
    client.destroy()
  }
}

function scheduleInput(group: string, definition: ScheduleDefinition): CreateScheduleCommandInput {
  const { name, description, expression, timezone, target } = definition
  return {
    GroupName: group,
    Name: name,
    Description: description,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'ENABLED',
    Target: { Arn: target.arn, RoleArn: target.roleArn, Input: target.input, RetryPolicy: RETRIES },
  }
}

function isAsWanted(before: GetScheduleCommandOutput, wanted: CreateScheduleCommandInput): boolean {
  const seen = Object.fromEntries(
    Object.keys(wanted).map((key) => [key, before[key as keyof GetScheduleCommandOutput]]),
  )
  return canonicalJson(seen) === canonicalJson(wanted)
}

async function createGroup(client: SchedulerClient, Name: string): Promise<void> {
  const about = (action: string) => ({ action: `scheduler:${action}`, resource: `schedule group ${Name}` })
  try {
    await client.send(new GetScheduleGroupCommand({ Name }))
    return
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw failureOf(error, about('GetScheduleGroup'))
  }
  try {
    await client.send(new CreateScheduleGroupCommand({ Name }))
  } catch (error) {
    // Somebody else was faster.
    if (!isNamed(error, 'ConflictException')) throw failureOf(error, about('CreateScheduleGroup'))
  }
}

async function namesOf(client: SchedulerClient, GroupName: string): Promise<Set<string>> {
  const names = new Set<string>()
  const read = async (): Promise<void> => {
    for await (const { Schedules = [] } of paginateListSchedules({ client, pageSize: 100 }, { GroupName }))
      for (const { Name = '' } of Schedules) names.add(Name)
  }
  await call('ListSchedules', GroupName, read())
  return names
}

async function call<T>(action: string, name: string, sent: Promise<T>): Promise<T> {
  try {
    return await sent
  } catch (error) {
    if (isNamed(error, 'ValidationException'))
      throw new OperatorError(
        'BAD_INPUT',
        `scheduler:${action} on schedule ${name}: ${messageOf(error)}`,
        'See what it names: the expression, the time zone or the target.',
        error,
      )
    throw failureOf(error, { action: `scheduler:${action}`, resource: `schedule ${name}` })
  }
}
