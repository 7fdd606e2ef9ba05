import { isDeepStrictEqual } from 'node:util'
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetTableCommand,
  GlueClient,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import { OperatorError } from '../../../core/errors.ts'
import { type AwsAccess, clientSettings, opened } from '../aws-access.ts'
import { failureOf, isNamed } from '../aws-error.ts'
import { type GlueTableOptions, glueTableInputs } from './table-inputs.ts'

/** What there was to do, by the names of tables and views. */
export interface EnsuredTables {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly unchanged: readonly string[]
}

/**
 * Makes the database of a lake with its tables and views, and brings those that are there up to date. Running it again
 * changes nothing. Tables that the lake does not know are left alone.
 */
export async function ensureGlueTables(access: AwsAccess, options: GlueTableOptions): Promise<EnsuredTables> {
  const client = opened(access, new GlueClient(clientSettings(access)))
  try {
    await ensureDatabase(client, options.database)
    const created: string[] = []
    const updated: string[] = []
    const unchanged: string[] = []
    const lists = { created, updated, unchanged }
    // One after the other: views may only be made once the tables that they name are there.
    for (const input of glueTableInputs(options))
      lists[await ensureTable(client, options.database, input)].push(input.Name ?? '')
    return { created, updated, unchanged }
  } finally {
    client.destroy()
  }
}

async function ensureDatabase(client: GlueClient, name: string): Promise<void> {
  try {
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }))
  } catch (error) {
    if (!isNamed(error, 'AlreadyExistsException'))
      throw failureOf(error, { action: 'glue:CreateDatabase', resource: name })
  }
}

async function ensureTable(
  client: GlueClient,
  database: string,
  input: TableInput,
): Promise<keyof EnsuredTables> {
  const resource = `${database}.${input.Name}`
  const call = async <T>(action: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw failureOf(error, { action: `glue:${action}`, resource })
    }
  }
  const present = await call('GetTable', () => tableOf(client, database, input.Name ?? ''))
  if (!present) {
    await call('CreateTable', () =>
      client.send(new CreateTableCommand({ DatabaseName: database, TableInput: input })),
    )
    return 'created'
  }
  if (says(present, input)) return 'unchanged'
  requireSameLake(present, input, resource)
  await call('UpdateTable', () =>
    client.send(new UpdateTableCommand({ DatabaseName: database, TableInput: input })),
  )
  return 'updated'
}

async function tableOf(client: GlueClient, database: string, name: string): Promise<Table | undefined> {
  try {
    return (await client.send(new GetTableCommand({ DatabaseName: database, Name: name }))).Table
  } catch (error) {
    if (isNamed(error, 'EntityNotFoundException')) return undefined
    throw error
  }
}

/** A database is of one lake: another's tables would be of its data from now on. */
function requireSameLake(present: Table, input: TableInput, resource: string): void {
  const [is, wanted] = [present, input].map(({ StorageDescriptor }) => StorageDescriptor?.Location ?? '')
  if (is !== wanted)
    throw new OperatorError(
      'MISMATCH',
      `the table ${resource} is of another lake: ${is}, not ${wanted}`,
      'A further city has a database of its own: name the first one as first_city under [aws].',
    )
}

/** Whether a table says what it should; Glue adds fields and parameters of its own. */
function says(present: Table, input: TableInput): boolean {
  const columns = (list: readonly { Name?: string | undefined; Type?: string | undefined }[] = []) =>
    list.map(({ Name, Type }) => [Name, Type])
  return (
    present.ViewOriginalText === input.ViewOriginalText &&
    present.StorageDescriptor?.Location === input.StorageDescriptor?.Location &&
    isDeepStrictEqual(
      columns(present.StorageDescriptor?.Columns),
      columns(input.StorageDescriptor?.Columns),
    ) &&
    isDeepStrictEqual(columns(present.PartitionKeys), columns(input.PartitionKeys)) &&
    Object.entries(input.Parameters ?? {}).every(([name, value]) => present.Parameters?.[name] === value)
  )
}
