import type { Command } from 'commander'
import { OperatorError } from '../../../core/errors.ts'
import { SCHEDULED_PARTS, type ScheduledPart } from '../../../operations/scheduler/parts.ts'
import {
  partSchedules,
  pauseParts,
  resumeParts,
  scheduledPart,
  type ChangedParts,
} from '../../../operations/scheduler/schedules.ts'
import type { Schedules } from '../../../platform/ports.ts'
import type { Act, CommandContext, CommandModule, CommandResult } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'

interface PauseOptions {
  readonly all?: true
  readonly by: string
  readonly why?: string
}

/** `bikeshare schedules`. */
export const command: CommandModule = {
  build(command, act) {
    buildList(command, act)
    buildPause(command, act)
    buildResume(command, act)
  },
}

function buildList(command: Command, act: Act): void {
  const list = command
    .command('list')
    .description('What starts each part of the jobs on AWS, and what is paused.')
  addExamples(list, [['schedules list --platform aws', 'when each part is started, and what is paused']])
  list.action(
    act(async (context) => {
      const parts = await partSchedules(await schedulesOf(context))
      const rows = parts.map(({ part, schedule }) => [
        part,
        schedule === null ? 'not there' : schedule.state === 'ENABLED' ? 'on' : 'paused',
        schedule === null ? '–' : `${schedule.expression} ${schedule.timezone}`,
        schedule?.description ?? '',
      ])
      return { human: textTable(['part', 'state', 'started', ''], rows), json: { schedules: parts } }
    }),
  )
}

function buildPause(command: Command, act: Act): void {
  const pause = command
    .command('pause')
    .description(
      'Start a part of the jobs no more, for all cities of the account. What runs goes on to its end.',
    )
    .argument('[part]', 'which part, such as retrain')
    .option('--all', 'every part that has a schedule')
    .option('--why <reason>', 'for the record')
    .option('--by <who>', 'who does it, for the record', 'operator')
  addExamples(pause, [
    ['schedules pause retrain --by ana --why "the feed is rebuilt"', 'no training until somebody resumes it'],
    ['schedules pause --all --by ana --why "the lake moves"', 'no batch, release, daily job or training'],
  ])
  pause.action(
    act<PauseOptions>(async (context, { all, by, why = '' }, name) => {
      const now = context.givenNow ?? context.wall()
      const parts = partsOf(name, all)
      return told('paused', await pauseParts(await schedulesOf(context), parts, { by, why, now }))
    }),
  )
}

function buildResume(command: Command, act: Act): void {
  const resume = command
    .command('resume')
    .description('Start a part by its schedule again; what was missed is made up as after any outage.')
    .argument('[part]', 'which part, such as retrain')
    .option('--all', 'every part that has a schedule')
  addExamples(resume, [['schedules resume retrain', 'trained again when it is due']])
  resume.action(
    act<Pick<PauseOptions, 'all'>>(async (context, { all }, name) => {
      const parts = partsOf(name, all)
      return told('on', await resumeParts(await schedulesOf(context), parts))
    }),
  )
}

function told(state: string, changed: ChangedParts): CommandResult {
  const lines = [
    ...changed.changed.map((part) => `${part} is ${state}, for all cities.`),
    ...changed.unchanged.map((part) => `${part} was ${state} already.`),
  ]
  return { human: lines.join('\n'), json: changed }
}

function partsOf(name: string | undefined, all: true | undefined): readonly ScheduledPart[] {
  if ((name === undefined) === (all === undefined))
    throw new OperatorError('USAGE', 'which part?', 'Name one, or give --all.')
  return name === undefined ? SCHEDULED_PARTS : [scheduledPart(name)]
}

function schedulesOf(context: CommandContext): Promise<Schedules> {
  if (context.config.platform === 'aws') return context.openSchedules()
  throw new OperatorError(
    'USAGE',
    'on this machine no schedule starts the jobs: `bikeshare run` does',
    'Stop that to pause them. For those of an account say --platform aws.',
  )
}
