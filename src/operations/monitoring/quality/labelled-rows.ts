import type { Target } from '../../../core/contracts/features.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, HORIZON_SECONDS, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../../core/time.ts'
import type { ColumnBatch, Platform, Statement } from '../../../platform/ports.ts'
import { type Block, BlockBuilder } from './block.ts'

const LABELLED_ROWS_SQL = loadSql(import.meta.url, './labelled-rows.sql')

/** Blocks by endpoint, then by slot. */
export type Blocks = Map<string, Map<EpochSeconds, Block>>

/** Whose outcome is due in `(dueFrom, dueTo]`. */
export interface DueRange {
  readonly city: string
  readonly dueFrom: EpochSeconds
  readonly dueTo: EpochSeconds
}

/** Joins the predictions of all endpoints with what happened, by one statement. */
export async function labelledBlocks(
  { warehouse }: Pick<Platform, 'warehouse'>,
  range: DueRange,
): Promise<Blocks> {
  const builders = new Map<string, Map<EpochSeconds, BlockBuilder>>()
  for await (const batch of warehouse.stream(statementOf(range))) takeBatch(builders, batch)
  const blocks: Blocks = new Map()
  for (const [endpoint, slots] of builders) {
    const built = [...slots].map(([slot, builder]) => [slot, builder.build()] as const)
    blocks.set(endpoint, new Map(built))
  }
  return blocks
}

function statementOf({ city, dueFrom, dueTo }: DueRange): Statement {
  const [first, last] = [dueFrom - HORIZON_SECONDS, dueTo - HORIZON_SECONDS]
  return {
    name: 'labelled predictions',
    sql: LABELLED_ROWS_SQL,
    tables: {
      predictions: {
        dataset: 'predictions',
        city,
        dsFrom: dsOf(first),
        dsTo: dsOf(last),
        since: first,
        until: last,
      },
      station_status: {
        dataset: 'station_status',
        city,
        dsFrom: dsOf(dueFrom - STATE_MAX_AGE_SECONDS),
        dsTo: dsOf(dueTo),
        since: dueFrom - STATE_MAX_AGE_SECONDS,
        until: dueTo,
      },
      stations: { dataset: 'stations', city, dsFrom: dsOf(first), dsTo: dsOf(last) },
    },
    params: { due_from: dueFrom, due_to: dueTo },
  }
}

function takeBatch(builders: Map<string, Map<EpochSeconds, BlockBuilder>>, batch: ColumnBatch): void {
  const column = <T>(name: string): ArrayLike<T> => batch.columns[name] as unknown as ArrayLike<T>
  const endpoints = column<string>('endpoint')
  const targets = column<Target>('target')
  const slots = column<number>('slot')
  const counts = column<number>('count_now')
  const scores = column<number>('score')
  const said = column<number>('said')
  const variants = column<string>('variant')
  const versions = column<string>('model_version')
  const copies = column<number>('copies')
  const capacities = column<number>('capacity')
  const labels = column<number>('label')
  const reasons = column<string | null>('reason')
  for (let i = 0; i < batch.rows; i++) {
    const builder = builderOf(builders, endpoints[i] ?? '', slots[i] ?? 0, targets[i] ?? 'bikes')
    const copy = copies[i] ?? 1
    const reason = reasons[i] ?? null
    if (reason !== null) {
      builder.setAside(reason, copy)
      continue
    }
    if (copy > 1) builder.setAside('duplicate', copy - 1)
    builder.add({
      score: scores[i] ?? Number.NaN,
      said: said[i] ?? 0,
      count: counts[i] ?? 0,
      label: labels[i] ?? -1,
      capacity: capacities[i] ?? -1,
      variant: variants[i] ?? '',
      version: versions[i] ?? '',
    })
  }
}

function builderOf(
  builders: Map<string, Map<EpochSeconds, BlockBuilder>>,
  endpoint: string,
  slot: EpochSeconds,
  target: Target,
): BlockBuilder {
  let slots = builders.get(endpoint)
  if (!slots) builders.set(endpoint, (slots = new Map<EpochSeconds, BlockBuilder>()))
  let builder = slots.get(slot)
  if (!builder) slots.set(slot, (builder = new BlockBuilder(slot, target)))
  return builder
}
