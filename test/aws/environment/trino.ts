import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Server, startChild } from './child.ts'

/** Athena's name of the catalog that is Glue. */
export const CATALOG = 'awsdatacatalog'

/** Starts Trino, which is what Athena's engine is made from, over the tables of a Glue and the files of an S3. */
export async function startTrino(options: {
  readonly home: string
  readonly java: string
  readonly aws: string
  readonly region: string
}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-trino-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const catalogs = join(folder, 'catalog')
  await mkdir(catalogs)
  await writeProperties(join(folder, 'config.properties'), {
    coordinator: true,
    'node-scheduler.include-coordinator': true,
    'http-server.http.port': port,
    'discovery.uri': url,
    'node.internal-address': '127.0.0.1',
    'catalog.management': 'static',
    'catalog.config-dir': catalogs,
    'plugin.dir': join(options.home, 'plugin'),
    // What is kept of a query that has ended is some 30 MB for a large plan: a hundred of them, the default, fill the heap.
    'query.max-history': 4,
    'query.min-expire-age': '1s',
  })
  await writeProperties(join(catalogs, `${CATALOG}.properties`), hiveOverGlue(options))
  const jvm = ['--add-modules=jdk.incubator.vector', '-Xmx3G', '-XX:+ExitOnOutOfMemoryError']
  const node = { environment: 'test', id: 't1', 'data-dir': join(folder, 'data') }
  const properties = Object.entries(node).map(([name, value]) => `-Dnode.${name}=${value}`)
  const program = ['-Dconfig=config.properties', '-cp', join(options.home, 'lib', '*')]
  const stop = await startChild(
    join(options.java, 'bin', 'java'),
    [...jvm, ...properties, ...program, 'io.trino.server.TrinoServer'],
    { cwd: folder },
    async () => !((await (await fetch(`${url}/v1/info`)).json()) as { starting: boolean }).starting,
  )
  return {
    url,
    async close() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** As Athena reads a lake: Parquet by the names of columns, times in UTC, folders below a partition's included. */
function hiveOverGlue({ aws, region }: { aws: string; region: string }): Record<string, unknown> {
  return {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': region,
    'hive.metastore.glue.endpoint-url': aws,
    'hive.metastore.glue.aws-access-key': 'test',
    'hive.metastore.glue.aws-secret-key': 'test',
    'fs.native-s3.enabled': true,
    's3.endpoint': aws,
    's3.region': region,
    's3.path-style-access': true,
    's3.aws-access-key': 'test',
    's3.aws-secret-key': 'test',
    'hive.table-statistics-enabled': false,
    'hive.parquet.use-column-names': true,
    'hive.parquet.time-zone': 'UTC',
    'hive.recursive-directories': true,
  }
}

async function writeProperties(path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${String(value)}\n`)
  await writeFile(path, lines.join(''))
}
