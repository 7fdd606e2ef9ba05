import type { Stations } from '../../../core/contracts/api/city.ts'
import type { Format } from '../../../core/contracts/api/common.ts'
import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import { csvOf } from './csv.ts'
import { parquetOf } from './parquet.ts'
import { tableOf } from './tables.ts'

/** An answer as a file: its rows as CSV or Parquet, and a name to keep it under. */
export function downloadOf(
  name: RouteName,
  format: Exclude<Format, 'json'>,
  o: {
    readonly answer: unknown
    /** What the columns of the state go with. */
    readonly stations: Stations | undefined
    readonly params: Readonly<Record<string, unknown>>
  },
): { readonly body: Buffer; readonly filename: string } {
  const columns = tableOf(name, o.answer, o.stations)
  const parts = [...Object.values(o.params).map(String), name]
  const plain = parts.map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '_')).join('-')
  const body = format === 'csv' ? Buffer.from(csvOf(columns)) : parquetOf(columns)
  return { body, filename: `${plain.slice(0, 100)}.${format}` }
}
