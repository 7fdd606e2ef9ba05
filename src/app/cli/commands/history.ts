import type { HistoryEntry, Served } from '../../../core/contracts/history.ts'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf } from '../../../core/time.ts'
import { readHistory, servedAt, verifyHistory } from '../../../model/serving/history.ts'
import type { CommandModule, CommandResult } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'
import { textTable } from '../table.ts'

interface Options {
  readonly endpoint?: string
  readonly at?: number
  readonly verify?: boolean
}

/** `bikeshare history`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--endpoint <name>', 'only this endpoint')
      .addOption(timeOption('--at <time>', 'what served at this time'))
      .option(
        '--verify',
        'check every line against its hash and its neighbours; exit code 4 when one is wrong',
      )
    addExamples(command, [
      ['history', 'every change of what serves: by whom, why, from what to what'],
      ['history --endpoint bikeshare-prod --at 2024-05-14T08:00:00Z', 'what served then'],
      ['history --verify', 'is the record as it was written'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform } = await context.openLake()
        if (options.verify === true) return verified(await verifyHistory(platform.store))
        const all = await readHistory(platform.store)
        const names = [...new Set(all.map((entry) => entry.endpoint))].sort()
        if (options.endpoint !== undefined && !names.includes(options.endpoint))
          throw new OperatorError(
            'NOT_FOUND',
            `the history knows no endpoint "${options.endpoint}"`,
            names.length > 0 ? `It knows ${names.join(', ')}.` : 'Nothing was ever deployed here.',
          )
        const wanted = options.endpoint === undefined ? names : [options.endpoint]
        return options.at === undefined
          ? listed(all.filter((entry) => wanted.includes(entry.endpoint)))
          : then(all, wanted, options.at)
      }),
    )
  },
}

function verified(problems: readonly string[]): CommandResult {
  const human =
    problems.length === 0
      ? 'The history is as it was written.'
      : `The history is not as it was written:\n${problems.map((line) => `  - ${line}`).join('\n')}`
  return { human, json: { problems }, exitCode: problems.length === 0 ? 0 : 4 }
}

function listed(entries: readonly HistoryEntry[]): CommandResult {
  const rows = entries.map((e) => [
    isoOf(e.at),
    e.endpoint,
    e.action,
    models(e.from),
    models(e.to),
    e.by,
    e.why,
  ])
  return {
    human:
      rows.length === 0
        ? 'Nothing was ever deployed here.'
        : textTable(['at', 'endpoint', 'action', 'from', 'to', 'by', 'why'], rows),
    json: { entries },
  }
}

function then(all: readonly HistoryEntry[], endpoints: readonly string[], at: number): CommandResult {
  const served = endpoints.map((endpoint) => {
    const found = servedAt(all, endpoint, at)
    return { endpoint, known: found !== undefined, served: found ?? null }
  })
  const rows = served.map((s) => [
    s.endpoint,
    s.known ? models(s.served) : 'not known',
    s.served?.endpoint_config ?? null,
  ])
  return {
    human: `At ${isoOf(at)}\n${textTable(['endpoint', 'model', 'endpoint config'], rows)}`,
    json: { at, endpoints: served },
  }
}

/** The model versions, with their weights where there are several. */
function models(served: Served | null): string | null {
  if (!served) return null
  const [only, ...others] = served.variants
  if (only && others.length === 0) return only.model_version
  return served.variants.map((v) => `${v.variant} ${v.model_version} (${v.weight})`).join(', ')
}
