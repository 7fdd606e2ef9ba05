import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../core/config/schema.ts'
import type { Reporter } from '../../core/report.ts'
import { DAY_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { readSilences, silenceOf } from './silences.ts'
import { actionDocument, type ActionDocument } from './notify/action-document.ts'
import { type ActionRecord, wasDelivered, writeRecord } from './notify/action-records.ts'
import type { Channel } from './notify/channel.ts'
import { channelsOf } from './notify/channels-of.ts'
import { deliver, type Delivery, type Wait } from './notify/deliver.ts'
import { type Outbox, outboxWriter, readOutbox, takeIn } from './notify/outbox.ts'

/** History is read again so far back: a clock that was set back dates changes before those already seen. */
const LOOK_BACK_SECONDS = 2 * DAY_SECONDS
/** After so long a document is of no use any more. */
const GIVE_UP_SECONDS = DAY_SECONDS

/** How changes of state are told. */
export interface ActionOptions {
  readonly settings: Config['alarms']
  readonly city: string
  readonly now: EpochSeconds
  readonly report: Reporter
  /** Environment of the command. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly wait?: Wait
  /** Instead of those of the settings. */
  readonly channels?: readonly Channel[]
}

/**
 * Tells the channels of the settings of every change of state since the last time: into ALARM, into missing data, and back to
 * OK from either. A channel gets them in order, each until it takes it, for a day; what it has taken it does not get again,
 * unless this process is killed before that is on the disk, and then under the same id. Channels do not wait for each other.
 */
export async function sendAlarmActions(
  platform: Pick<Platform, 'alarms' | 'store'>,
  options: ActionOptions,
): Promise<ActionRecord[]> {
  const { store } = platform
  const { channels, problems } = options.channels
    ? { channels: options.channels, problems: [] }
    : channelsOf(options.settings, options.env)
  for (const problem of problems) options.report.warn(problem)
  const { outbox, etag } = await readOutbox(store, options.now)
  const write = outboxWriter(store, etag)
  const before = JSON.stringify(outbox)
  const records = await collect(platform, outbox, channels, options)
  // Even an empty one: it says since when there is somebody to tell.
  if (etag === undefined || JSON.stringify(outbox) !== before) await write(outbox)
  const sent = await Promise.all(channels.map((channel) => drain(store, channel, outbox, write, options)))
  return [...records, ...sent.flat()]
}

/** Takes what is new in the history into the outbox, and what a silence held and no longer holds. */
async function collect(
  { alarms, store }: Pick<Platform, 'alarms' | 'store'>,
  outbox: Outbox,
  channels: readonly Channel[],
  { city, now }: ActionOptions,
): Promise<ActionRecord[]> {
  const names = channels.map(({ name }) => name)
  const silences = await readSilences(store)
  const isSilenced = (alarm: string): boolean => silenceOf(silences, alarm, now) !== undefined
  const records: ActionRecord[] = []
  await release(alarms, outbox, isSilenced, names)
  const from = Math.max(outbox.since, outbox.newest - LOOK_BACK_SECONDS)
  for (const item of await alarms.describeAlarmHistory({ from, to: now })) {
    const document = actionDocument(city, item)
    if (!document || outbox.seen[document.id] !== undefined) continue
    const silenced = isSilenced(document.alarm)
    takeIn(outbox, document, { silenced, channels: names })
    outbox.seen[document.id] = document.timestamp
    outbox.newest = Math.max(outbox.newest, document.timestamp)
    if (!silenced) continue
    const record: ActionRecord = {
      document,
      channel: null,
      target: null,
      outcome: 'silenced',
      tries: 0,
      error: null,
      at: now,
    }
    await writeRecord(store, record)
    records.push(record)
  }
  forget(outbox, names)
  return records
}

/** Takes up what a silence held, if it is over and the alarm is still in that state. */
async function release(
  alarms: Platform['alarms'],
  outbox: Outbox,
  isSilenced: (alarm: string) => boolean,
  channels: readonly string[],
): Promise<void> {
  const over = Object.values(outbox.held).filter(({ alarm }) => !isSilenced(alarm))
  if (over.length === 0) return
  const states = new Map((await alarms.describeAlarms()).map((d) => [d.alarm.AlarmName, d.StateValue]))
  for (const document of over)
    if (states.get(document.alarm) === document.state) takeIn(outbox, document, { silenced: false, channels })
    else delete outbox.held[document.alarm]
}

/** Drops ids that no history is read for any more, and channels that are no longer configured. */
function forget(outbox: Outbox, channels: readonly string[]): void {
  for (const [id, at] of Object.entries(outbox.seen))
    if (at <= outbox.newest - LOOK_BACK_SECONDS) delete outbox.seen[id]
  for (const entry of outbox.queue) entry.left = entry.left.filter((name) => channels.includes(name))
  outbox.queue = outbox.queue.filter(({ left }) => left.length > 0)
}

/** Delivers what is left for a channel, in order; the first document that it does not take ends the round. */
async function drain(
  store: ObjectStore,
  channel: Channel,
  outbox: Outbox,
  write: (outbox: Outbox) => Promise<void>,
  options: ActionOptions,
): Promise<ActionRecord[]> {
  const { report, now } = options
  const records: ActionRecord[] = []
  let down: string | null = null
  for (const entry of outbox.queue.filter(({ left }) => left.includes(channel.name))) {
    const { document } = entry
    const old = now - document.timestamp > GIVE_UP_SECONDS
    if (down !== null && !old) break
    if (!(await wasDelivered(store, document, channel.name))) {
      const { tries, error }: Delivery =
        down === null ? await attempt(channel, document, options) : { tries: 0, error: down }
      const outcome = error === null ? 'delivered' : old ? 'given-up' : 'failing'
      const record = {
        document,
        channel: channel.name,
        target: channel.target,
        outcome,
        tries,
        error,
        at: now,
      } as const
      await writeRecord(store, record)
      records.push(record)
      if (error !== null)
        report.warn(
          `${document.alarm} is ${document.state}: ${channel.name} (${channel.target}) did not take it: ${error}`,
        )
      down = error
      if (outcome === 'failing') break
    }
    entry.left = entry.left.filter((name) => name !== channel.name)
    outbox.queue = outbox.queue.filter(({ left }) => left.length > 0)
    await write(outbox)
  }
  return records
}

function attempt(
  channel: Channel,
  document: ActionDocument,
  { settings, wait = sleep }: ActionOptions,
): Promise<Delivery> {
  return deliver(channel, document, { retries: settings.retries, wait })
}
