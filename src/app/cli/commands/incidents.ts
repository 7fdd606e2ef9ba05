import { join } from 'node:path'
import type { Incident } from '../../../core/contracts/incident.ts'
import { isoOf } from '../../../core/time.ts'
import { addNote, closeIncident, openIncident } from '../../../operations/incidents/incidents.ts'
import { listIncidents } from '../../../operations/incidents/incident-store.ts'
import { keepReport, renderIncident, reportKeys } from '../../../operations/incidents/keep-report.ts'
import type { CommandContext, CommandModule, CommandResult, OpenLake } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'

/** `bikeshare incidents list|show|open|note|close`. */
export const command: CommandModule = {
  build(command, act) {
    const list = command
      .command('list')
      .description('List the incidents, the newest last.')
      .option('--open', 'only those that are open')
    addExamples(list, [['incidents list --open', 'what still waits for a cause']])
    list.action(
      act<{ open?: boolean }>(async (context, options) => {
        const { platform } = await context.openLake()
        const all = await listIncidents(platform)
        const incidents = options.open === true ? all.filter(({ closed }) => !closed) : all
        const rows = incidents.map((one) => [
          one.id,
          isoOf(one.began),
          one.closed ? 'closed' : 'open',
          one.endpoint,
          one.title,
        ])
        const human =
          rows.length === 0
            ? `No incident${options.open === true ? ' is open' : ' was ever opened'}.`
            : textTable(['id', 'began', 'state', 'endpoint', 'title'], rows)
        return { human, json: { incidents } }
      }),
    )

    const show = command
      .command('show')
      .description('Show an incident, and write its page with the graphs.')
      .argument('<id>', 'of `incidents list`')
    addExamples(show, [
      ['incidents show 2024-05-14-rollback-1a2b3c4d', 'what served, the timeline, alarms, commands, notes'],
    ])
    show.action(
      act(async (context, _options, id = '') => {
        const lake = await context.openLake()
        const options = { now: lake.now, namespace: context.config.cw_custom_ns, fresh: true }
        await keepReport(lake.platform, id, options)
        const { facts, markdown } = await renderIncident(lake.platform, id, options)
        const page = join(lake.root, reportKeys(id).html)
        const { incident, endpoints, ...known } = facts
        const served = endpoints.map((one) => ({ ...one, series: undefined }))
        return { human: `${markdown}\nPage: ${page}`, json: { incident, ...known, endpoints: served, page } }
      }),
    )

    const open = command
      .command('open')
      .description('Open an incident by hand.')
      .requiredOption('--title <text>', 'what it is, in a line')
      .option('--why <text>', 'what was seen', '')
      .option('--endpoint <name>', 'the endpoint that it is about (default: sm_endpoint of the settings)')
      .option('--by <who>', 'who opens it, for the record', 'operator')
    addExamples(open, [
      [
        'incidents open --endpoint bikeshare-prod --title "riders find empty stations" --why "calls since 8"',
        'no alarm said so',
      ],
    ])
    open.action(
      act<{ title: string; why: string; endpoint?: string; by: string }>(async (context, options) => {
        const lake = await context.openLake()
        const incident = await openIncident(lake.platform, {
          city: lake.info.city,
          endpoint: options.endpoint ?? context.config.sm_endpoint,
          kind: 'by-hand',
          title: options.title,
          why: options.why,
          by: options.by,
          now: lake.now,
        })
        return changed(context, lake, incident, `${incident.id} is open.`)
      }),
    )

    const note = command
      .command('note')
      .description('Add a note to an incident.')
      .argument('<id>', 'of `incidents list`')
      .requiredOption('--text <text>', 'what is to be known')
      .option('--by <who>', 'who says it, for the record', 'operator')
    addExamples(note, [
      ['incidents note 2024-05-14-rollback-1a2b3c4d --by ann --text "the feed was fine"', 'on the record'],
    ])
    note.action(
      act<{ text: string; by: string }>(async (context, { text, by }, id = '') => {
        const lake = await context.openLake()
        const incident = await addNote(lake.platform, id, { text, by, now: lake.now })
        return changed(context, lake, incident, `Noted in ${id}.`)
      }),
    )

    const close = command
      .command('close')
      .description('Close an incident with its cause.')
      .argument('<id>', 'of `incidents list`')
      .requiredOption('--cause <text>', 'what caused it')
      .option('--by <who>', 'who closes it, for the record', 'operator')
    addExamples(close, [
      ['incidents close 2024-05-14-rollback-1a2b3c4d --by ann --cause "trained on a week of snow"', 'done'],
    ])
    close.action(
      act<{ cause: string; by: string }>(async (context, { cause, by }, id = '') => {
        const lake = await context.openLake()
        const incident = await closeIncident(lake.platform, id, { cause, by, now: lake.now })
        return changed(context, lake, incident, `${id} is closed.`)
      }),
    )
  },
}

/** Brings the report to what the incident says now. */
async function changed(
  context: CommandContext,
  { platform, now, root }: OpenLake,
  incident: Incident,
  said: string,
): Promise<CommandResult> {
  await keepReport(platform, incident.id, { now, namespace: context.config.cw_custom_ns })
  const page = join(root, reportKeys(incident.id).html)
  return { human: `${said}\nPage: ${page}`, json: { incident, page } }
}
