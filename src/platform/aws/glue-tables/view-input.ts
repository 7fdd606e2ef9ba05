import type { TableInput } from '@aws-sdk/client-glue'
import type { ColumnType, TableColumn } from '../../../core/contracts/tables.ts'

/** A view over the tables of the lake's database; its statement names them without the database. */
export interface GlueView {
  readonly name: string
  readonly sql: string
  readonly columns: readonly TableColumn[]
}

/** Types by Hive's names, which Glue has in its columns. */
export const HIVE_TYPES: Readonly<Record<ColumnType, string>> = {
  VARCHAR: 'string',
  BIGINT: 'bigint',
  INTEGER: 'int',
  SMALLINT: 'smallint',
  DOUBLE: 'double',
  FLOAT: 'float',
  BOOLEAN: 'boolean',
}

/** Types by Trino's names, which a view has in its definition. */
export const TRINO_TYPES: Readonly<Record<ColumnType, string>> = {
  VARCHAR: 'varchar',
  BIGINT: 'bigint',
  INTEGER: 'integer',
  SMALLINT: 'smallint',
  DOUBLE: 'double',
  FLOAT: 'real',
  BOOLEAN: 'boolean',
}

const CATALOG = 'awsdatacatalog'

/** A view as Athena itself stores it: the definition as JSON in base64, between `/* Presto View: ` and the comment's end. */
export function viewInput(database: string, view: GlueView): TableInput {
  const definition = {
    originalSql: view.sql.trim(),
    catalog: CATALOG,
    schema: database,
    columns: view.columns.map(({ name, type }) => ({ name, type: TRINO_TYPES[type] })),
    // As Athena does it anyway: whoever reads the view needs the tables.
    runAsInvoker: true,
  }
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64')
  return {
    Name: view.name,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: '/* Presto View */',
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: view.columns.map(({ name, type }) => ({ Name: name, Type: HIVE_TYPES[type] })),
      Location: '',
      NumberOfBuckets: 0,
      SerdeInfo: {},
    },
  }
}
