import { join } from 'node:path'
import { dsOf } from '../../src/core/time.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { buildAll } from '../harness/lakes.ts'
import { openPlatform } from '../harness/platform.ts'

/** All features of a lake that has none, against DuckDB reading and writing the rows that come out, as they are. */
export async function benchFeatures({ folder, inputs }: BenchContext): Promise<Measurement> {
  const root = join(folder, 'lake')
  await inputs.copy('sf-lake', root)
  const recording = await inputs.recording('sf')
  const { city, from, to } = recording
  const lake = await openPlatform(root)
  const days = { city, dsFrom: dsOf(from), dsTo: dsOf(to) }
  const [status] = await lake.warehouse.rows<{ rows: number }>({
    name: 'status rows',
    sql: 'select count(*) as rows from status',
    tables: { status: { dataset: 'station_status', ...days } },
  })
  const rows = status?.rows ?? 0
  const { result: featureRows, seconds } = await timed(() => buildAll(lake, recording))
  const peak_rss_mb = peakRssMb()
  const copy = {
    name: 'copy',
    sql: 'select * from features',
    tables: { features: { dataset: 'features', ...days } },
  } as const
  const { seconds: baseline_seconds } = await timed(() => lake.warehouse.write(copy, 'bench/copy.parquet'))
  await lake.close()
  return {
    rows,
    row_unit: 'status rows',
    seconds,
    peak_rss_mb,
    baseline: 'DuckDB reading and writing the feature rows as they are',
    baseline_seconds,
    figures: { seconds_2m_rows: (seconds / rows) * 2e6, feature_rows: featureRows },
  }
}
