import { OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { ScanType, Warehouse } from '../../../platform/ports.ts'
import { isQuarantined, judgeInformation } from '../../gbfs/rules.ts'
import type { InformationVersion } from '../information-versions.ts'

const REQUIRED = ['station_id', 'lat', 'lon', 'valid_from'] as const
const COLUMNS: Readonly<Record<string, ScanType>> = {
  station_id: 'VARCHAR',
  name: 'VARCHAR',
  short_name: 'VARCHAR',
  lat: 'DOUBLE',
  lon: 'DOUBLE',
  capacity: 'BIGINT',
  region_id: 'VARCHAR',
  valid_from: 'EPOCH',
}

/** Information in a Parquet or CSV file: one row a station and version, with `valid_from`. BAD_INPUT names what is missing. */
export async function readInformationTable(
  warehouse: Warehouse,
  path: string,
  report: Reporter,
): Promise<InformationVersion[]> {
  const present = new Set((await warehouse.describeFile(path)).map(({ name }) => name))
  const missing = REQUIRED.filter((name) => !present.has(name))
  if (missing.length > 0) {
    throw new OperatorError(
      'BAD_INPUT',
      `${path}: the columns ${missing.join(', ')} are missing (it has ${[...present].join(', ')})`,
      'A recording of information has station_id, name, lat, lon, capacity and valid_from.',
    )
  }
  const columns = Object.fromEntries(Object.entries(COLUMNS).filter(([name]) => present.has(name)))
  const versions: InformationVersion[] = []
  let setAside = 0
  for await (const batch of warehouse.scanFile(path, columns)) {
    for (let row = 0; row < batch.rows; row++) {
      const value = (name: string): unknown => batch.columns[name]?.[row]
      const judged = judgeInformation({
        station_id: value('station_id'),
        name: value('name'),
        short_name: value('short_name'),
        lat: value('lat'),
        lon: value('lon'),
        capacity: value('capacity'),
        region_id: value('region_id'),
      })
      const from = value('valid_from')
      if (isQuarantined(judged) || typeof from !== 'number' || Number.isNaN(from)) setAside++
      else versions.push({ ...judged, valid_from: Math.floor(from) })
    }
  }
  if (setAside > 0)
    report.warn(`${path}: ${setAside} rows of information were set aside by the station rules.`)
  return versions
}
