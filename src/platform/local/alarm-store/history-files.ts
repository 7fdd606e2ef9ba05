import type { AlarmHistoryItem } from '../../../core/contracts/cloudwatch.ts'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import { dsOf, dtOf, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'

/** Lines of history that were written together. */
export interface HistoryBatch {
  readonly key: string
  readonly items: readonly AlarmHistoryItem[]
}

const PREFIX = 'alarms/history/'
const DIGITS = 9

/** `alarms/history/ds=D/DT-SEQUENCE.jsonl`: in the order of the names, batches are in the order of time, then of writing. */
export const historyKey = (at: EpochSeconds, sequence: number): string =>
  `${PREFIX}ds=${dsOf(at)}/${dtOf(at)}-${String(sequence).padStart(DIGITS, '0')}.jsonl`

/** Writes a batch, unless it is there. */
export async function writeHistory(store: ObjectStore, { key, items }: HistoryBatch): Promise<void> {
  if (await store.get(key)) return
  try {
    await store.put(key, items.map((item) => `${JSON.stringify(item)}\n`).join(''), { ifAbsent: true })
  } catch (error) {
    if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
  }
}

/** Items in `(from, to]`, oldest first; `last` is a batch that may not be in its file yet. */
export async function readHistory(
  store: ObjectStore,
  last: HistoryBatch | null,
  { from, to }: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): Promise<AlarmHistoryItem[]> {
  if (to <= from) return []
  const [first, end] = [`${PREFIX}ds=${dsOf(from)}/${dtOf(from)}-`, `${PREFIX}ds=${dsOf(to)}/${dtOf(to)}.`]
  const keys: string[] = []
  for (const folder of await store.folders(PREFIX)) {
    const prefix = `${PREFIX}${folder}/`
    if (prefix < first.slice(0, prefix.length) || prefix > end.slice(0, prefix.length)) continue
    for await (const { key } of store.list(prefix)) if (key >= first && key < end) keys.push(key)
  }
  if (last && last.key >= first && last.key < end && !keys.includes(last.key)) keys.push(last.key)
  const items: AlarmHistoryItem[] = []
  for (const key of keys.toSorted())
    items.push(...(key === last?.key ? last.items : await readBatch(store, key)))
  return items.filter(({ Timestamp }) => Timestamp > from && Timestamp <= to)
}

async function readBatch(store: ObjectStore, key: string): Promise<AlarmHistoryItem[]> {
  const object = await store.get(key)
  if (!object) return []
  try {
    return new TextDecoder()
      .decode(object.body)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AlarmHistoryItem)
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged`,
      'Remove it; these lines of history are lost.',
      error,
    )
  }
}
