import { join } from 'node:path'
import { openEngine } from '../../src/platform/engines/duckdb/engine.ts'
import { copyToParquet } from '../../src/platform/engines/duckdb/parquet.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { importInto } from '../harness/lakes.ts'
import { config, openPlatform } from '../harness/platform.ts'
import type { Recording } from '../harness/recordings.ts'

/** A whole recording into an empty lake, against DuckDB copying the same rows from Parquet to Parquet. */
export async function benchImport({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('sf')
  const lake = await openPlatform(join(folder, 'lake'))
  const { result, seconds } = await timed(() => importInto(lake, recording))
  await lake.close()
  const peak_rss_mb = peakRssMb()
  return {
    rows: result.rows,
    row_unit: 'status rows',
    seconds,
    peak_rss_mb,
    baseline: 'DuckDB COPY of the same Parquet, sorted',
    baseline_seconds: (await timed(() => copy(folder, recording))).seconds,
  }
}

async function copy(folder: string, { status, source, from, to }: Recording): Promise<void> {
  const { threads, memory: memoryLimit } = config.limits
  const engine = await openEngine({ tempFolder: join(folder, 'spill'), memoryLimit, threads })
  const connection = await engine.connect()
  const files = status.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')
  const time = (seconds: number): string =>
    `TIMESTAMP '${new Date(seconds * 1000).toISOString().slice(0, 19)}'`
  // A simulation writes epoch seconds, the recording has timestamps.
  const range = source === 'recording' ? [time(from), time(to)] : [from, to]
  const sql = `select * from read_parquet([${files}])
    where last_updated >= ${range[0]} and last_updated < ${range[1]} order by last_updated, station_id`
  await copyToParquet(connection, sql, {}, join(folder, 'copy.parquet'))
  connection.closeSync()
  await engine.close()
}
