import type { AlarmHistoryItem } from '../../../core/contracts/cloudwatch.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { dsOf, dtOf, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { ActionDocument } from './action-document.ts'

const PREFIX = 'alarms/actions/'

/** What became of a document: taken, not taken yet, given up, or held back by a silence. */
export type ActionOutcome = 'delivered' | 'failing' | 'given-up' | 'silenced'

/** One line about an action: what, to whom, how it went. */
export interface ActionRecord {
  readonly document: ActionDocument
  /** Null for a silenced document, which goes to no channel. */
  readonly channel: string | null
  readonly target: string | null
  readonly outcome: ActionOutcome
  readonly tries: number
  readonly error: string | null
  readonly at: EpochSeconds
}

const keyOf = (document: ActionDocument, channel: string | null, outcome: ActionOutcome): string => {
  const { timestamp, id } = document
  return `${PREFIX}ds=${dsOf(timestamp)}/${dtOf(timestamp)}-${id}-${channel ?? 'all'}-${outcome}.json`
}

/** Keeps a record; of what failed again and again the newest try. */
export async function writeRecord(store: ObjectStore, record: ActionRecord): Promise<void> {
  const item: AlarmHistoryItem = {
    AlarmName: record.document.alarm,
    Timestamp: record.at,
    HistoryItemType: 'Action',
    HistorySummary: summaryOf(record),
    HistoryData: {
      id: record.document.id,
      state: record.document.state,
      channel: record.channel,
      target: record.target,
      outcome: record.outcome,
      tries: record.tries,
      error: record.error,
    },
  }
  await store.put(keyOf(record.document, record.channel, record.outcome), `${JSON.stringify(item)}\n`)
}

/** True when a channel has taken a document, as far as the records know. */
export async function wasDelivered(
  store: ObjectStore,
  document: ActionDocument,
  channel: string,
): Promise<boolean> {
  return (await store.get(keyOf(document, channel, 'delivered'))) !== undefined
}

/** Records of changes in `(from, to]`, oldest change first. */
export async function readActions(
  store: ObjectStore,
  { from, to }: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): Promise<AlarmHistoryItem[]> {
  const items: AlarmHistoryItem[] = []
  for (const folder of await store.folders(PREFIX)) {
    const ds = folder.slice('ds='.length)
    if (ds < dsOf(from) || ds > dsOf(to)) continue
    for await (const { key } of store.list(`${PREFIX}${folder}/`)) {
      const dt = key.slice(PREFIX.length + folder.length + 1)
      if (dt.slice(0, dtOf(from).length) <= dtOf(from) || dt.slice(0, dtOf(to).length) > dtOf(to)) continue
      items.push(parse(key, await store.get(key)))
    }
  }
  return items
}

function parse(key: string, object: { readonly body: Uint8Array } | undefined): AlarmHistoryItem {
  try {
    return JSON.parse(new TextDecoder().decode(object?.body)) as AlarmHistoryItem
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is damaged: ${messageOf(error)}`, 'Delete the file.', error)
  }
}

function summaryOf({ channel, outcome, tries, error, document }: ActionRecord): string {
  const what = `${document.state} to ${channel ?? 'everybody'}`
  switch (outcome) {
    case 'delivered':
      return `${what}: delivered${tries > 1 ? ` after ${tries} tries` : ''}`
    case 'failing':
      return `${what}: not delivered yet: ${error}`
    case 'given-up':
      return `${what}: given up: ${error}`
    default:
      return `${document.state}: no action, silenced`
  }
}
