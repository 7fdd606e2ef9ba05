import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CITY,
  fillQualityLake,
  predictionsOf,
  START,
  writePredictions,
} from '../../../../test/support/quality-lake.ts'
import { openReadsLake, type ReadsLake } from '../../../../test/support/reads-lake.ts'
import { HOUR_SECONDS } from '../../../core/time.ts'
import { scoreCells } from '../../../model/explanation/score-cells.ts'
import { onsetCondition } from '../../../operations/release/gate/onset-condition.ts'
import { cellsOf } from './cells-of.ts'
import { onsetRowsOf } from './onset-rows.ts'

const ENDPOINT = 'bikeshare-prod'
const HOURS = 15
/** Over midnight, with snapshots every twenty minutes: outcomes of some slots are known, and of others not. */
const END = START + HOURS * HOUR_SECONDS
const city = { city: CITY, endpoint: ENDPOINT }

let lake: ReadsLake
beforeAll(async () => {
  lake = await openReadsLake()
  const { platform } = lake.source
  await fillQualityLake(platform, { hours: HOURS, endpoints: [ENDPOINT, 'bikeshare-staging'], step: 1200 })
  // What was made after the fact counts nowhere, and of a batch whose rows came in another order each counts all the same.
  for (const [slot, backfilled] of [
    [START + 1800, true],
    [START + 3000, false],
  ] as const)
    await writePredictions(
      platform,
      ENDPOINT,
      slot,
      predictionsOf(ENDPOINT, slot, () => ({ backfilled })).toReversed(),
    )
  lake.setNow(END)
})
afterAll(() => lake.close())

const range = (hours: number) => ({ from: END - hours * HOUR_SECONDS, until: END - 1799 })

describe('predictions with their outcomes, from memory', () => {
  it('give the gate the verdict that it finds in the lake, to the last bit', async () => {
    const { source } = lake
    for (const at of [START + 2 * HOUR_SECONDS, END - 600, END]) {
      const read = await onsetCondition(source.platform, { ...city, at })
      expect(read.value).not.toBeNull()
      const kept = await onsetCondition(source.platform, {
        ...city,
        at,
        readOnsets: ({ from, until }) =>
          onsetRowsOf(source, { endpoint: ENDPOINT, target: 'bikes', from, until, at }),
      })
      expect(kept).toEqual(read)
    }
  })

  it('give the counts by score that the lake gives', async () => {
    for (const hours of [1, 3, HOURS + 1]) {
      const counted = await scoreCells(lake.source.platform, { ...city, ...range(hours) })
      expect(counted.length).toBeGreaterThan(5)
      const kept = await cellsOf(lake.source, {
        endpoint: ENDPOINT,
        target: 'bikes',
        ...range(hours),
        at: END,
      })
      const inOrder = kept.sort((a, b) => a.model_version.localeCompare(b.model_version) || a.cell - b.cell)
      expect(inOrder).toEqual(counted)
    }
  })
})
