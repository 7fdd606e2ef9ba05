import { HOUR_SECONDS, isoOf } from '../../../core/time.ts'
import { OperatorError } from '../../../core/errors.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import { openAlarms } from '../../../operations/alarms/open-alarms.ts'
import { addSilence, EVERY_ALARM, readSilences, silenceOf } from '../../../operations/alarms/silences.ts'
import { requireIncident } from '../../../operations/incidents/incident-store.ts'
import { addNote, closeIncident } from '../../../operations/incidents/incidents.ts'
import { keepReport } from '../../../operations/incidents/keep-report.ts'
import { listWaivers, waive, waiverAt } from '../../../operations/release/gate/waivers.ts'
import type { CitySource } from '../city-source.ts'
import type { Deed } from './examined.ts'

const hoursOn = (source: CitySource, hours: number): number => source.now() + hours * HOUR_SECONDS

/** Lets PSI of an endpoint be exceeded for a while. */
export const waiveDeed: Deed<'waive'> = {
  async examine(source, { endpoint, metric, hours, why }) {
    const { store } = source.platform
    const until = isoOf(hoursOn(source, hours))
    const held = waiverAt(await listWaivers(store), endpoint, source.now())
    const deployment = await readDeployment(store, endpoint)
    return {
      command: [
        'gate',
        'waive',
        '--city',
        source.name,
        '--metric',
        metric,
        '--endpoint',
        endpoint,
        '--until',
        until,
        '--why',
        why,
      ],
      changes: [
        `${metric} of ${endpoint} may be 0.20 or more until ${until}, and the gate passes it`,
        ...(held ? [`a waiver by ${held.by} holds already, until ${isoOf(held.until)}`] : []),
      ],
      looked: [held ?? null, deployment?.endpoint_config ?? null],
      refused: deployment ? null : `no endpoint "${endpoint}" is deployed`,
    }
  },
  async perform(source, { endpoint, metric, hours, why }, by) {
    const { store } = source.platform
    if (!(await readDeployment(store, endpoint)))
      throw new OperatorError('NOT_FOUND', `no endpoint "${endpoint}" is deployed`)
    const given = await waive(
      store,
      { endpoint, metric, by, why, until: hoursOn(source, hours) },
      source.now(),
    )
    return `${given.metric} of ${given.endpoint} may pass until ${isoOf(given.until)}`
  },
}

/** Takes no actions for an alarm for a while. */
export const silenceDeed: Deed<'silence'> = {
  async examine(source, { alarm, hours, why }) {
    const { platform } = source
    const alarms = await openAlarms(platform, source.now())
    const found = alarms.find(({ name }) => name === alarm)
    const held = silenceOf(await readSilences(platform.store), alarm, source.now())
    const which = alarm === EVERY_ALARM ? ['--all'] : [alarm]
    return {
      command: ['alarms', 'silence', ...which, '--city', source.name, '--for', `${hours}h`, '--why', why],
      changes: [
        `nobody is told of ${alarm === EVERY_ALARM ? 'any alarm' : alarm} until ${isoOf(hoursOn(source, hours))}; it is evaluated all the same`,
        ...(held ? [`it is silent already, until ${isoOf(held.until)}, by ${held.by}`] : []),
      ],
      looked: [held ?? null, found?.StateValue ?? null],
      refused: found || alarm === EVERY_ALARM ? null : `there is no alarm "${alarm}"`,
    }
  },
  async perform(source, { alarm, hours, why }, by) {
    const { platform } = source
    const alarms = await openAlarms(platform, source.now())
    if (alarm !== EVERY_ALARM && !alarms.some(({ name }) => name === alarm))
      throw new OperatorError('NOT_FOUND', `there is no alarm "${alarm}"`)
    const made = await addSilence(platform.store, {
      alarm,
      from: source.now(),
      seconds: hours * HOUR_SECONDS,
      by,
      why,
    })
    return `${alarm === EVERY_ALARM ? 'every alarm' : alarm} is silent until ${isoOf(made.until)}`
  },
}

/** Adds a note to an incident. */
export const noteDeed: Deed<'incident-note'> = {
  async examine(source, { id, text }) {
    const { incident } = await requireIncident(source.platform.store, id)
    return {
      command: ['incidents', 'note', id, '--city', source.name, '--text', text],
      changes: [`a note is added to ${id} (${incident.title})`],
      looked: incident,
      refused: null,
    }
  },
  async perform(source, { id, text }, by) {
    await addNote(source.platform, id, { text, by, now: source.now() })
    await refreshPage(source, id)
    return `noted in ${id}`
  },
}

/** Closes an incident with its cause. */
export const closeDeed: Deed<'incident-close'> = {
  async examine(source, { id, cause }) {
    const { incident } = await requireIncident(source.platform.store, id)
    return {
      command: ['incidents', 'close', id, '--city', source.name, '--cause', cause],
      changes: [`${id} (${incident.title}) is closed for good`],
      looked: incident,
      refused: incident.closed ? `${incident.closed.by} closed it: ${incident.closed.cause}` : null,
    }
  },
  async perform(source, { id, cause }, by) {
    await closeIncident(source.platform, id, { cause, by, now: source.now() })
    await refreshPage(source, id)
    return `${id} is closed`
  },
}

/** Its page in the lake says what the incident says now. */
async function refreshPage({ platform, config, now }: CitySource, id: string): Promise<void> {
  await keepReport(platform, id, { now: now(), namespace: config.cw_custom_ns })
}
