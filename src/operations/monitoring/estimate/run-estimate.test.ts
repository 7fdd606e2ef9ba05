import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesBelow } from '../../../../test/support/lake-fixtures.ts'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import { CITY, fillQualityLake, START, STATIONS, TIMEZONE } from '../../../../test/support/quality-lake.ts'
import { scorePredictions } from '../../../model/prediction/score-predictions.ts'
import { endpointViews } from '../quality/endpoint-windows.ts'
import { openQualityWindow } from '../quality/window.ts'
import { readEstimates, writeEstimates } from './estimate-file.ts'
import { estimateReport } from './estimate-report.ts'
import { runEstimate } from './run-estimate.ts'

const ENDPOINT = 'bikeshare-prod'
const AT = START + 2 * 3600

describe('the estimate before the outcomes come', () => {
  let platform: LocalPlatform
  beforeAll(async () => {
    platform = await openLocalPlatform()
    await fillQualityLake(platform, { hours: 3, endpoints: [ENDPOINT] })
  })
  afterAll(() => platform.close())

  const window = openQualityWindow()
  const run = async (at: number) => {
    const views = await endpointViews(platform, window, { city: CITY, timezone: TIMEZONE, at })
    return runEstimate(platform, { city: CITY, timezone: TIMEZONE, at, now: at + 60, views })
  }
  const read = (at: number) =>
    readEstimates(platform.store, { city: CITY, endpoint: ENDPOINT, from: at, to: at })

  it('is of the three batches whose outcomes are to come, marked as what it is, without interval at first', async () => {
    const [made] = await run(AT)
    expect(made?.estimate).toMatchObject({
      estimate: true,
      at: AT,
      slots: [AT - 1200, AT - 600, AT],
      rows: 3 * STATIONS,
      past_windows: 0,
      pr_auc: { interval: null },
      realised: null,
    })
    expect(await read(AT)).toEqual([made?.estimate])
  })

  it('changes nothing when it is made again', async () => {
    const files = await filesBelow(platform.root)
    await run(AT)
    expect(await filesBelow(platform.root)).toEqual(files)
  })

  it('is compared with what came once all of it is due, and stays what it was', async () => {
    const [before] = await read(AT)
    await run(AT + 1200)
    expect((await read(AT))[0]?.realised).toBeNull()
    await run(AT + 1800)
    const [after] = await read(AT)
    const { evaluation } = await scorePredictions(platform, {
      city: CITY,
      endpoint: ENDPOINT,
      from: AT - 1200,
      until: AT + 1,
    })
    const { pr_auc, f1, brier } = evaluation
    expect(after).toEqual({ ...before, realised: { rows: 3 * STATIONS, pr_auc, f1, brier } })
  })

  it('has an interval by the errors of past windows, whose coverage is told', async () => {
    const [model] = await read(AT)
    if (!model?.pr_auc || !model.realised) throw new Error('it was compared')
    const interval = { low: 0, high: 0.5 }
    const past = Array.from({ length: 40 }, (_, i) => ({
      ...model,
      at: AT - (i + 10) * 600,
      pr_auc: { mean: 0.8, sd: 0.01, interval: i % 4 === 0 ? interval : null },
      realised: { rows: 60, pr_auc: i % 8 === 0 ? 0.4 : 0.82, f1: 0.5, brier: 0.1 },
    }))
    await writeEstimates(platform.store, { city: CITY, endpoint: ENDPOINT }, past)
    const at = AT + 3600
    const views = await endpointViews(platform, openQualityWindow(), { city: CITY, timezone: TIMEZONE, at })
    const [report] = await estimateReport(platform, views, { city: CITY, at })
    expect(report?.coverage.pr_auc).toEqual({ windows: 10, covered: 5 })
    expect(report?.estimate?.pr_auc?.interval?.low).toBeLessThanOrEqual(report?.estimate?.pr_auc?.mean ?? 0)
    expect(report?.reason).toBeNull()
    expect(await read(at)).toEqual([])
  })
})
