import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { silentReporter } from '../../../src/core/report.ts'
import { syncLakes } from '../../../src/data/lake/sync/sync-lakes.ts'
import { runSql } from '../../../src/data/lake/views.ts'
import { openDirectoryStore } from '../../../src/platform/local/directory-store.ts'
import { filesBelow } from '../../support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../support/local-platform.ts'
import { CITY } from '../../support/quality-lake.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { type AthenaLake, hasTrino, openAthenaLake } from '../environment/open-warehouse.ts'
import { runTrino } from '../environment/trino-client.ts'
import { ENDPOINTS, fillStatementLake } from './statement-lake.ts'

describe.skipIf(!hasTrino())('a lake that moved to S3', () => {
  let local: LocalPlatform
  let aws: AthenaLake
  const up = () =>
    syncLakes({
      from: { store: local.store, address: 'local' },
      to: { store: aws.store, address: 'aws' },
      report: silentReporter,
    })
  beforeAll(async () => {
    local = await openLocalPlatform()
    await fillStatementLake(local)
    aws = await openAthenaLake([CITY], ENDPOINTS, { since: '2024-05-01', until: '2024-05-31' })
  })
  afterAll(async () => {
    await aws?.close()
    await local?.close()
  })

  it('is copied once, and comes back as it was', async () => {
    const files = await filesBelow(local.root, /^(sync|\.tmp)\//)
    expect(await up()).toMatchObject({ copied: Object.keys(files).length, same: 0 })
    expect(await up()).toMatchObject({ copied: 0, same: Object.keys(files).length })
    const back = await tempDir()
    await syncLakes({
      from: { store: aws.store, address: 'aws' },
      to: { store: openDirectoryStore(back), address: 'back' },
      report: silentReporter,
    })
    expect(await filesBelow(back, /^sync\//)).toEqual(files)
  })

  it.each(['v_station_information', 'v_predictions', 'v_quality'])(
    'has %s in Glue, with the rows that it has in a folder',
    async (view) => {
      await up()
      const columns = view === 'v_station_information' ? 'station_id, capacity' : 'endpoint, slot, station_id'
      const sql = `select count(*) as n, count(distinct station_id) as stations from (select ${columns} from ${view}) as v`
      const here = await runSql(local, { city: CITY, query: sql })
      const there = await runSql(
        { ...local, store: aws.store, warehouse: aws.warehouse },
        { city: CITY, query: sql },
      )
      expect(there).toEqual(here)
      const inGlue = await runTrino(inject('trino') ?? '', sql.replace(view, `${aws.database}.${view}`))
      expect(inGlue.rows).toEqual(here.rows)
    },
  )
})
