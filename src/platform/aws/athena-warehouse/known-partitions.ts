import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue'
import type { TableName } from '../../../core/contracts/tables.ts'
import { OperatorError } from '../../../core/errors.ts'
import { type AwsAccess, clientSettings, opened } from '../aws-access.ts'
import { failureOf, isNamed } from '../aws-error.ts'
import { physicalTable } from '../glue-tables/physical-tables.ts'
import type { TableFile } from './table-files.ts'

/** Values that a table's partitions may have, as its projection says. */
interface Projection {
  readonly cities: ReadonlySet<string>
  readonly endpoints: ReadonlySet<string>
  readonly since: string
  readonly until: string
}

/**
 * Knows which partitions Athena sees. Files in another one would be left out without a word: of an endpoint or a city that the
 * tables were not made for, or of a day before their first.
 */
export class KnownPartitions {
  readonly #client: GlueClient
  readonly #database: string
  readonly #projections = new Map<TableName, Projection>()

  constructor(access: AwsAccess, database: string) {
    this.#client = opened(access, new GlueClient(clientSettings(access)))
    this.#database = database
  }

  /** MISMATCH when one of the files is in a partition that Athena does not see. */
  async check(city: string, files: readonly TableFile[]): Promise<void> {
    for (const table of new Set(files.map((file) => file.table))) {
      const own = files.filter((file) => file.table === table)
      const before = this.#projections.get(table)
      if (before && hidden(before, city, own) === undefined) continue
      // The tables may have been brought up to date since.
      const projection = await this.#read(table)
      this.#projections.set(table, projection)
      const missing = hidden(projection, city, own)
      if (missing === undefined) continue
      throw new OperatorError(
        'MISMATCH',
        `the table ${this.#database}.${physicalTable(table).name} does not know ${missing}, of which the lake has files`,
        'Run bikeshare tables: it brings the tables of Glue up to date.',
      )
    }
  }

  close(): void {
    this.#client.destroy()
  }

  async #read(table: TableName): Promise<Projection> {
    const name = physicalTable(table).name
    try {
      const { Table } = await this.#client.send(
        new GetTableCommand({ DatabaseName: this.#database, Name: name }),
      )
      const parameter = (key: string): string => Table?.Parameters?.[`projection.${key}`] ?? ''
      return {
        cities: new Set(parameter('city.values').split(',')),
        endpoints: new Set(parameter('endpoint.values').split(',')),
        since: parameter('ds.range').split(',')[0] ?? '',
        until: parameter('ds.range').split(',')[1] ?? '',
      }
    } catch (error) {
      if (isNamed(error, 'EntityNotFoundException'))
        throw new OperatorError(
          'NOT_FOUND',
          `Glue has no table ${this.#database}.${name}`,
          'Run bikeshare tables: it makes the tables of the lake.',
          error,
        )
      throw failureOf(error, { action: 'glue:GetTable', resource: `${this.#database}.${name}` })
    }
  }
}

/** The first value of a partition that is not among those projected. */
function hidden(projection: Projection, city: string, files: readonly TableFile[]): string | undefined {
  if (!projection.cities.has(city)) return `the city ${city}`
  for (const { endpoint, ds } of files) {
    if (endpoint !== undefined && !projection.endpoints.has(endpoint)) return `the endpoint ${endpoint}`
    const ended = /^\d/.test(projection.until) && ds > projection.until
    if (ds < projection.since || ended) return `the day ${ds}`
  }
  return undefined
}
