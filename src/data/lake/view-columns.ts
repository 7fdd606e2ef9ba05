import { TABLE_SCHEMAS, type TableColumn, type TableName } from '../../core/contracts/tables.ts'

/** Columns of a table by name, in the order named. */
function pick(table: TableName, ...names: readonly string[]): TableColumn[] {
  return names.map((name) => {
    const column = TABLE_SCHEMAS[table].find((one) => one.name === name)
    if (!column) throw new Error(`${table} has no column ${name}`)
    return column
  })
}

const DUE: TableColumn = { name: 'due_at', type: 'BIGINT' }

/** Columns of the views with their types: what a catalogue has to say beforehand. A test compares them with the statements. */
export const VIEW_COLUMNS: Readonly<
  Record<'station_information' | 'predictions' | 'quality', readonly TableColumn[]>
> = {
  station_information: TABLE_SCHEMAS.station_information,
  predictions: [
    ...pick('predictions', 'city', 'endpoint', 'target', 'slot'),
    DUE,
    ...pick('predictions', 'dt', 'station_id', 'count_now', 'score', 'threshold', 'stockout', 'variant'),
    ...pick('predictions', 'model_version', 'features_hash', 'inference_id', 'shuffle_seed', 'made_at'),
    ...pick('predictions', 'backfilled'),
  ],
  quality: [
    ...pick('predictions', 'city', 'endpoint', 'target', 'slot'),
    DUE,
    ...pick('predictions', 'dt', 'station_id', 'count_now', 'score', 'threshold', 'stockout', 'variant'),
    ...pick('predictions', 'model_version', 'backfilled'),
    { name: 'outcome_at', type: 'BIGINT' },
    { name: 'outcome_count', type: 'INTEGER' },
    { name: 'label', type: 'INTEGER' },
    { name: 'onset', type: 'BOOLEAN' },
  ],
}
