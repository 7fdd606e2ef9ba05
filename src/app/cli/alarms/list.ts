import type { Command } from 'commander'
import { endpointPrefix } from '../../../core/city-names.ts'
import type { StateValue } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { endpointName } from '../../../core/names.ts'
import { isoOf } from '../../../core/time.ts'
import { ALARM_TABLE } from '../../../operations/alarms/alarm-table.ts'
import { alarmName } from '../../../operations/alarms/alarms-for.ts'
import { openAlarms } from '../../../operations/alarms/open-alarms.ts'
import { prodDeployments } from '../../../operations/alarms/sync-alarms.ts'
import type { Act, OpenLake } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'
import { listed, type ListedAlarm } from './shared.ts'

/** The worst first, as they are listed. */
const STATES: readonly StateValue[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK']
/** Characters of a reason that the table shows; `show` has all of it. */
const SHOWN = 72

/** `bikeshare alarms list`. */
export function buildList(command: Command, act: Act): void {
  const list = command.command('list').description('Every alarm: its state, since when, and why.')
  list.option('--state <state>', `only those in ${STATES.join(', ')}`)
  addExamples(list, [
    ['alarms list', 'the state of every alarm as of the last evaluation'],
    ['alarms list --state ALARM', 'only what is wrong'],
  ])
  list.action(
    act<{ state?: string }>(async (context, { state }) => {
      const wanted = state === undefined ? undefined : STATES.find((s) => s === state.toUpperCase())
      if (state !== undefined && wanted === undefined)
        throw new OperatorError('USAGE', `"${state}" is not a state`, `Write ${STATES.join(', ')}.`)
      const lake = await context.openLake()
      const views = await openAlarms(lake.platform, lake.now)
      const note = views.length === 0 ? await whyNone(lake) : null
      const prefix = endpointPrefix(context.config, lake.info.city)
      const alarms = views.length === 0 ? notSetYet(prefix) : views.map(listed)
      const shown = alarms
        .filter((alarm) => wanted === undefined || alarm.state === wanted)
        .toSorted((a, b) => rank(a) - rank(b))
      const rows = shown.map((a) => [
        a.name,
        a.severity,
        a.state,
        a.since === null ? null : isoOf(a.since),
        a.silence === null ? '' : `until ${isoOf(a.silence.until)}`,
        a.reason === null ? null : short(a.reason),
      ])
      const table =
        rows.length === 0
          ? `No alarm is in ${wanted}.`
          : textTable(['alarm', 'severity', 'state', 'since', 'silence', 'why'], rows)
      return {
        human: note === null ? table : `${table}\n\n${note}`,
        json: { now: lake.now, alarms: shown, note },
      }
    }),
  )
}

const rank = ({ state }: ListedAlarm): number => (state === null ? 0 : STATES.indexOf(state))

const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text)

/** What there will be once a model serves in prod, of a city whose endpoints begin so. */
function notSetYet(prefix: string): ListedAlarm[] {
  return ALARM_TABLE.map((row) => ({
    name: alarmName(endpointName('prod', 'bikes', prefix), row.suffix),
    severity: row.severity,
    state: null,
    since: null,
    reason: null,
    silence: null,
    runbook: row.runbook,
    definition: null,
  }))
}

async function whyNone({ platform, info }: OpenLake): Promise<string> {
  const serving = await prodDeployments(platform, info.city)
  return serving.length === 0
    ? 'No alarm is set: nothing serves in prod yet. These will be, once a model does.'
    : 'No alarm is set yet: `bikeshare run` sets and evaluates them.'
}
