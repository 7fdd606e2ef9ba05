import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileSuite } from './warehouse/files.ts'
import { querySuite } from './warehouse/queries.ts'
import { statementSuite } from './warehouse/statements.ts'
import { type OpenWarehouse, refusedAs } from './warehouse/subject.ts'
import { tableSuite } from './warehouse/tables.ts'

/** What every Warehouse must do. `open` gives one over a new, empty lake. */
export function warehouseSuite(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`a warehouse: ${name}`, () => {
    let opened: OpenWarehouse
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    it('names no key outside the lake', async () => {
      await expect(opened.warehouse.writeRows('../x.parquet', [])).rejects.toSatisfy(
        refusedAs('BAD_INPUT', /not a key/),
      )
    })

    tableSuite(() => opened)
    statementSuite(() => opened)
    fileSuite(() => opened)
    querySuite(() => opened)
  })
}
