import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES, TARGET_COLUMNS, TARGETS } from '../../core/contracts/features.ts'
import { dayKey } from '../../core/keys.ts'
import { parseTime } from '../../core/time.ts'
import { featureDay, writeInputs, type FeatureRow } from '../../../test/support/feature-lake.ts'
import { openLocalPlatform } from '../../../test/support/local-platform.ts'
import { randomLake } from '../../../test/support/random-lake.ts'
import { tableColumns } from './columns.ts'
import { evaluationRowsStatement, trainingRowsStatement } from './model-rows.ts'

describe('the rows of a model', () => {
  it('are the 10-minute slots of usable stations with a known label, for each target, in order', async () => {
    const platform = await openLocalPlatform()
    const [from, until] = [parseTime('2024-05-01T01:00:00Z'), parseTime('2024-05-01T04:00:00Z')]
    const inputs = randomLake({ seed: 4, stations: 60, from: from - 7200, to: until + 7200 })
    await writeInputs(platform, 'x', inputs)
    const all = await featureDay(platform, 'x', inputs, '2024-05-01')
    await platform.warehouse.writeRows(dayKey('features', 'x', '2024-05-01'), tableColumns('features', all))

    for (const target of TARGETS) {
      const { label, count, usable } = TARGET_COLUMNS[target]
      const expected = all.filter(
        (row) =>
          Number(row['slot']) >= from &&
          Number(row['slot']) < until &&
          Number(row['slot']) % 600 === 0 &&
          row[usable] === true &&
          row[label] !== null,
      )
      expect(expected.length).toBeGreaterThan(60)
      const features = (row: FeatureRow): FeatureRow =>
        Object.fromEntries(FEATURE_NAMES.map((name) => [name, row[name] ?? null]))
      const range = { city: 'x', target, from, until }
      expect(await platform.warehouse.rows(trainingRowsStatement(range))).toEqual(
        expected.map((row) => ({ label: row[label], ...features(row) })),
      )
      expect(await platform.warehouse.rows(evaluationRowsStatement(range))).toEqual(
        expected.map((row) => ({
          slot: row['slot'],
          station_id: row['station_id'],
          count: row[count],
          label: row[label],
          ...features(row),
        })),
      )
    }
    await platform.close()
  })

  it('have the label first, then the 25 features in the order of the contract, all FLOAT', async () => {
    const platform = await openLocalPlatform()
    const range = { city: 'x', target: 'bikes', from: 0, until: 600 } as const
    await platform.warehouse.write(trainingRowsStatement(range), 'training/none.parquet')
    const columns = await platform.warehouse.describeFile(`${platform.root}/training/none.parquet`)
    expect(columns.map(({ name }) => name)).toEqual(['label', ...FEATURE_NAMES])
    expect(new Set(columns.map(({ type }) => type))).toEqual(new Set(['FLOAT']))
    await platform.close()
  })
})
