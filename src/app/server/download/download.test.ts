import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { csvOf } from './csv.ts'
import { parquetOf } from './parquet.ts'
import { columnsOf } from './table.ts'

const ROWS = [
  { name: '=1+1', count: 3, share: 0.5, at: 1_715_688_000, is: true },
  { name: ' +cmd|x', count: null, share: null, at: null, is: null },
  { name: 'a "b", c\r\nd', count: 0, share: -0.25, at: 0, is: false },
]
const TABLE = columnsOf(ROWS, [
  { name: 'name', kind: 'text', value: (row) => row.name },
  { name: 'count', kind: 'whole', unit: 'bikes', value: (row) => row.count },
  { name: 'share', kind: 'number', value: (row) => row.share },
  { name: 'at', kind: 'time', value: (row) => row.at },
  { name: 'is', kind: 'truth', value: (row) => row.is },
])

describe('a download', () => {
  it('as CSV says units, leaves what is missing empty, and runs nothing in a spreadsheet', () => {
    expect(csvOf(TABLE)).toBe(
      '\uFEFFname,count (bikes),share,at,is\r\n' +
        "'=1+1,3,0.5,2024-05-14T12:00:00Z,true\r\n" +
        "' +cmd|x,,,,\r\n" +
        '"a ""b"", c\r\nd",0,-0.25,1970-01-01T00:00:00Z,false\r\n',
    )
  })

  it('as Parquet has the same rows, texts as they are, and the units in its metadata', async () => {
    const bytes = parquetOf(TABLE)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const rows = await parquetReadObjects({ file })
    expect(rows.map((row) => ({ ...row, at: row['at'] === null ? null : Number(row['at']) }))).toEqual(
      ROWS.map((row) => ({ ...row })),
    )
    const units = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'units')
    expect(units?.value).toBe('{"count":"bikes"}')
  })

  it('of nothing is a header alone', () => {
    const none = TABLE.map((column) => ({ ...column, values: [] }))
    expect(csvOf(none)).toBe('\uFEFFname,count (bikes),share,at,is\r\n')
    expect(parquetOf(none).subarray(0, 4).toString()).toBe('PAR1')
  })
})
