import { readFile, writeFile } from 'node:fs/promises'
import type { PlanDecision, PlanSettings } from '../../../core/contracts/plan.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import {
  checkConstraints,
  readConstraints,
  writeConstraints,
} from '../../../operations/rebalancing/constraints-store.ts'
import {
  decidePlan,
  listPlans,
  readPlan,
  readScore,
  storeScore,
} from '../../../operations/rebalancing/plan-store.ts'
import { proposePlan } from '../../../operations/rebalancing/propose-plan.ts'
import { scorePlan } from '../../../operations/rebalancing/score-plan.ts'
import type { Act, CommandModule } from '../command.ts'
import { addExamples, intOption, numberOption, timeOption } from '../options.ts'
import { constraintsText, planCsv, planText, scoreText } from '../plan/plan-text.ts'
import { figure, textTable } from '../table.ts'
import type { Command } from 'commander'

interface PlanFlags {
  readonly trucks?: number
  readonly capacity?: number
  readonly speed?: number
  readonly handling?: number
  readonly stop?: number
  readonly shift?: number
  readonly horizon?: number
  readonly timeLimit?: number
  readonly at?: number
  readonly by: string
  readonly csv?: string
}

/** `bikeshare plan`, `bikeshare plan list|show|accept|reject|score|constraints`. */
export const command: CommandModule = {
  actsItself: true,
  build(command, act) {
    command
      .addOption(
        intOption('--trucks <n>', 'trucks to send (default: the crews on duty, else as configured)', 0, 100),
      )
      .addOption(intOption('--capacity <n>', 'bikes in a truck', 1, 200))
      .addOption(numberOption('--speed <kph>', 'of a truck', 1, 150))
      .addOption(numberOption('--handling <minutes>', 'for one bike, loaded or unloaded', 0, 60))
      .addOption(numberOption('--stop <minutes>', 'of a stop besides', 0, 120))
      .addOption(intOption('--shift <minutes>', 'from setting out to being back', 1, 1440))
      .addOption(intOption('--horizon <minutes>', 'lost rides are counted for so long', 30, 1440))
      .addOption(numberOption('--time-limit <seconds>', 'of the solver', 0.1, 600))
      .addOption(timeOption('--at <time>', 'when trucks set out, as known then (default: now)'))
      .option('--by <who>', 'who plans, for the record', 'operator')
      .option('--csv <file>', 'write the stops as CSV as well')
    addExamples(command, [
      ['plan', 'the moves that help most now, as configured'],
      ['plan --trucks 10 --time-limit 5 --csv moves.csv', 'more trucks, less time, a file for the vans'],
      ['plan accept 2024-09-22-1730-1a2b3c4d --by ann', 'for the record'],
    ])
    command.action(
      act<PlanFlags>(async (context, flags) => {
        const { platform, info, now } = await context.openLake()
        const stored = await proposePlan(platform, {
          city: info.city,
          timezone: info.timezone,
          country: info.country,
          now,
          ...(flags.at === undefined ? {} : { at: flags.at }),
          configured: context.config.rebalancing,
          asked: asked(flags),
          by: flags.by,
          report: context.report,
          signal: context.signal,
          elapsedMs: context.elapsedMs,
        })
        if (flags.csv !== undefined) await writeCsv(flags.csv, planCsv(stored))
        return { human: planText(stored), json: stored }
      }),
    )
    buildList(command, act)
    buildShow(command, act)
    buildDecision(command, act, 'accept')
    buildDecision(command, act, 'reject')
    buildScore(command, act)
    buildConstraints(command, act)
  },
}

function asked(flags: PlanFlags): Partial<PlanSettings> {
  const all = {
    trucks: flags.trucks,
    capacity: flags.capacity,
    speed_kph: flags.speed,
    handling_minutes: flags.handling,
    stop_minutes: flags.stop,
    shift_minutes: flags.shift,
    horizon_minutes: flags.horizon,
    time_limit_seconds: flags.timeLimit,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function buildList(parent: Command, act: Act): void {
  const list = parent.command('list').description('List the plans, the newest first.')
  addExamples(list, [['plan list', 'what was proposed, and what became of it']])
  list.action(
    act(async (context) => {
      const { platform } = await context.openLake()
      const plans = await listPlans(platform.store, (id, error) =>
        context.report.warn(`${id}: ${error.message}`),
      )
      const rows = plans.map((plan) => [
        plan.id,
        isoOf(plan.at),
        plan.state,
        plan.routes.length,
        figure(plan.objective.avoided, 1),
        figure(plan.greedy.objective.avoided, 1),
      ])
      const human =
        rows.length === 0
          ? 'No plan was ever made.'
          : textTable(['id', 'at', 'state', 'trucks', 'avoided', 'greedy'], rows)
      return { human, json: { plans } }
    }),
  )
}

function buildShow(parent: Command, act: Act): void {
  const show = parent
    .command('show')
    .description('Show a plan, ready to be printed.')
    .argument('<id>', 'of `plan list`')
    .option('--csv <file>', 'write the stops as CSV')
  addExamples(show, [['plan show 2024-09-22-1730-1a2b3c4d --csv moves.csv', 'and a file for the vans']])
  show.action(
    act<{ csv?: string }>(async (context, { csv }, id = '') => {
      const { platform } = await context.openLake()
      const plan = await readPlan(platform.store, id)
      const score = await readScore(platform.store, id)
      if (csv !== undefined) await writeCsv(csv, planCsv(plan))
      const scored = score ? `\n\n${scoreText(score, plan.timezone)}` : ''
      return { human: `${planText(plan)}${scored}`, json: { plan, score: score ?? null } }
    }),
  )
}

function buildDecision(parent: Command, act: Act, decision: PlanDecision): void {
  const decide = parent
    .command(decision)
    .description(`${decision === 'accept' ? 'Accept' : 'Reject'} a plan, for the record.`)
    .argument('<id>', 'of `plan list`')
    .option('--why <text>', 'the reason', '')
    .option('--by <who>', 'who decides, for the record', 'operator')
  addExamples(decide, [[`plan ${decision} 2024-09-22-1730-1a2b3c4d --by ann --why "two vans only"`, 'done']])
  decide.action(
    act<{ why: string; by: string }>(async (context, { why, by }, id = '') => {
      const { platform, now } = await context.openLake()
      const plan = await decidePlan(platform.store, { id, decision, by, why, now })
      return { human: `${id} is ${plan.state}.`, json: plan }
    }),
  )
}

function buildScore(parent: Command, act: Act): void {
  const score = parent
    .command('score')
    .description(
      'Score a plan against what happened, and by replay in the simulated city that is behind the lake.',
    )
    .argument('<id>', 'of `plan list`')
    .addOption(intOption('--futures <n>', 'futures of the simulated city that are lived through', 1, 200))
  addExamples(score, [['plan score 2024-09-22-1730-1a2b3c4d', 'what it was worth']])
  score.action(
    act<{ futures?: number }>(async (context, { futures }, id = '') => {
      const { platform, info, now } = await context.openLake()
      const plan = await readPlan(platform.store, id)
      const scored = await scorePlan(platform, {
        plan,
        now,
        country: info.country,
        ...(futures === undefined ? {} : { futures }),
        report: context.report,
        signal: context.signal,
      })
      await storeScore(platform.store, scored)
      return { human: scoreText(scored, plan.timezone), json: scored }
    }),
  )
}

function buildConstraints(parent: Command, act: Act): void {
  const constraints = parent
    .command('constraints')
    .description('Show or set what every plan keeps to: depots, crews, closed stations.')
    .option('--file <json>', 'set them, whole, from this file')
    .option('--by <who>', 'who sets them, for the record', 'operator')
  addExamples(constraints, [
    ['plan constraints --json', 'as they are, to begin a file from'],
    ['plan constraints --file today.json --by ann', 'two crews, one station closed'],
  ])
  constraints.action(
    act<{ file?: string; by: string }>(async (context, { file, by }) => {
      const { platform, now } = await context.openLake()
      const before = await readConstraints(platform.store)
      if (file === undefined) return { human: constraintsText(before.constraints), json: before.constraints }
      const input = checkConstraints(await readJson(file))
      const { constraints: set } = await writeConstraints(platform.store, input, {
        by,
        now,
        etag: before.etag,
      })
      return { human: constraintsText(set), json: set }
    }),
  )
}

async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new OperatorError('NOT_FOUND', `${path}: ${messageOf(error)}`, 'Check the path.', error)
  }
  try {
    const json: unknown = JSON.parse(text)
    // What `plan constraints --json` prints is taken as it is: who set it, and when, is set anew.
    if (json === null || typeof json !== 'object') return json
    const { constraints_version: _v, updated_at: _u, by: _b, ...rest } = json as Record<string, unknown>
    return rest
  } catch (error) {
    throw new OperatorError(
      'BAD_INPUT',
      `${path} is not JSON: ${messageOf(error)}`,
      'Begin from `plan constraints --json`.',
      error,
    )
  }
}

async function writeCsv(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    throw new OperatorError(
      'UNAVAILABLE',
      `${path}: ${messageOf(error)}`,
      'Give a path that can be written.',
      error,
    )
  }
}
