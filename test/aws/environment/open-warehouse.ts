import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { DEFAULT_VIEWS, VIEWS } from '../../../src/data/lake/views.ts'
import {
  type AthenaWarehouseOptions,
  openAthenaWarehouse,
} from '../../../src/platform/aws/athena-warehouse/athena-warehouse.ts'
import { ensureGlueTables } from '../../../src/platform/aws/glue-tables/ensure-glue-tables.ts'
import { openS3Store, type S3Store } from '../../../src/platform/aws/s3-store/s3-store.ts'
import type { Warehouse } from '../../../src/platform/ports.ts'
import { mustBeAsBotocore } from './as-botocore.ts'
import type { AthenaFront } from './athena-front.ts'
import { motoS3, motoUrl, newBucket } from './bucket.ts'
import { openFront, REGION } from './environment.ts'
import { runTrino } from './trino-client.ts'

/** A lake in moto's S3 with its tables in moto's Glue, read by Trino through Athena's protocol. */
export interface AthenaLake {
  readonly bucket: string
  readonly database: string
  readonly prefix: string
  readonly front: AthenaFront
  readonly store: S3Store
  readonly warehouse: Warehouse
  /** Trino's plan of a query. */
  explain(sql: string): Promise<string[]>
  /** Keys of the bucket that begin so, the lake's or not. */
  objects(prefix: string): Promise<string[]>
  /** Opens another warehouse over the same lake. */
  open(overrides?: Partial<AthenaWarehouseOptions>): Promise<Warehouse>
  close(): Promise<void>
}

/** True where Trino runs. */
export const hasTrino = (): boolean => inject('trino') !== undefined

/** Makes a lake of these cities and endpoints. */
export async function openAthenaLake(
  cities: readonly string[],
  endpoints: readonly string[] = ['bikeshare-prod'],
  days = { since: '2023-01-01', until: '2024-12-31' },
): Promise<AthenaLake> {
  const bucket = await newBucket()
  const prefix = 'lakes/one/'
  const database = `db_${bucket.replaceAll('-', '_')}`
  const front = await openFront(inject('trino') ?? '', motoUrl())
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  const access = { region: REGION, endpoint: motoUrl() }
  await ensureGlueTables(access, {
    database,
    location: { bucket, prefix },
    cities,
    endpoints,
    ...days,
    views: VIEWS.map(({ key, sql, columns }) => ({ name: DEFAULT_VIEWS[key], sql, columns })),
  })
  const store = openS3Store({ ...access, bucket, prefix })
  const open = (overrides: Partial<AthenaWarehouseOptions> = {}): Promise<Warehouse> =>
    openAthenaWarehouse({
      ...access,
      bucket,
      prefix,
      database,
      workgroup: 'primary',
      output: `s3://${bucket}/athena_results/`,
      athenaEndpoint: front.url,
      glueEndpoint: motoUrl(),
      tempFolder: folder,
      random: Math.random,
      ...overrides,
    })
  const warehouse = await open()
  return {
    bucket,
    database,
    prefix,
    front,
    store,
    warehouse,
    explain: async (sql) => {
      const { rows } = await runTrino(inject('trino') ?? '', `EXPLAIN (TYPE DISTRIBUTED) ${sql}`)
      return rows.map(([line]) => String(line))
    },
    async objects(start) {
      const client = motoS3()
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: start }))
      client.destroy()
      return (page.Contents ?? []).map(({ Key }) => Key ?? '')
    },
    open,
    async close() {
      await warehouse.close()
      store.close()
      await front.close()
      await mustBeAsBotocore(front.log)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
