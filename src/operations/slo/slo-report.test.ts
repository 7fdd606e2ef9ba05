import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CITY,
  ENDPOINT,
  MIDNIGHT,
  NAMESPACE,
  openOperationsPlatform,
  type OperationsPlatform,
} from '../../../test/support/operations-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { MetricName } from '../../core/contracts/metrics.ts'
import { feedHourKey } from '../../core/keys.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { sloReport } from './slo-report.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())
const BATCHES = 24
const NOW = MIDNIGHT + BATCHES * 600

describe('the report of a month', () => {
  let platform: OperationsPlatform
  beforeEach(async () => {
    platform = await openOperationsPlatform(scorer)
  })
  afterEach(() => platform.close())

  const put = (name: MetricName, value: (batch: number) => number | undefined) =>
    platform.metrics.putMetricData(
      NAMESPACE,
      Array.from({ length: BATCHES }, (_, batch) => ({ batch, Value: value(batch) })).flatMap(
        ({ batch, Value }) =>
          Value === undefined
            ? []
            : [
                {
                  MetricName: name,
                  Dimensions: { EndpointName: ENDPOINT, City: CITY },
                  Timestamp: MIDNIGHT + batch * 600,
                  Unit: 'None',
                  Value,
                },
              ],
      ),
    )
  const serve = (name: string, batch: number, variant: string, Value: number) =>
    platform.metrics.putMetricData('AWS/SageMaker', [
      {
        MetricName: name,
        Dimensions: { EndpointName: ENDPOINT, VariantName: variant },
        Timestamp: MIDNIGHT + batch * 600 + 60,
        Unit: 'None',
        Value,
      },
    ])
  const report = async (o: { now?: number; month?: string } = {}) =>
    sloReport(platform, { city: CITY, namespace: NAMESPACE, now: NOW, ...o })
  const endpoint = async (o = {}) => {
    const [only] = (await report(o)).endpoints
    if (!only) throw new Error('no endpoint is in the report')
    return only
  }

  it('counts from the first batch on, and each kind of badness, of any variant', async () => {
    await put('PredictionHeartbeat', (batch) => (batch < 4 || batch === 9 ? undefined : batch === 10 ? 0 : 1))
    await serve('Invocations', 12, 'AllTraffic', 3)
    await serve('Invocation5XXErrors', 12, 'AllTraffic', 1)
    await serve('Invocations', 15, 'Candidate', 3)
    await serve('ModelLatency', 15, 'Candidate', 400_000)
    await serve('ModelLatency', 15, 'AllTraffic', 2000)
    const { from, note, availability } = await endpoint()
    expect(from).toBe(MIDNIGHT + 4 * 600)
    expect(note).toBe('from its first batch on')
    expect(availability).toMatchObject({
      periods: 20,
      bad_periods: 4,
      bad_by_reason: { '5xx': 1, latency: 1, heartbeat: 2 },
      spent_minutes: 20,
      fast_burns: [{ from: MIDNIGHT + 9 * 600, until: MIDNIGHT + 10 * 600 + 300, periods: 2 }],
    })
  })

  it('says nothing, and not 100 %, of a month without a batch, before the endpoint, or to come', async () => {
    const nothing = { from: null, availability: { availability: null, met: null, budget_minutes: null } }
    expect(await endpoint()).toMatchObject({ ...nothing, note: 'no batch yet' })
    await put('PredictionHeartbeat', () => 1)
    expect(await endpoint({ month: '2024-04' })).toMatchObject({
      ...nothing,
      note: 'the endpoint is younger',
    })
    expect(await endpoint({ month: '2024-06' })).toMatchObject({
      ...nothing,
      note: 'the month has not begun',
    })
    expect((await endpoint()).availability.availability).toBe(1)
  })

  it('judges quality by the alarms’ bounds, and onset by persistence at the same batch', async () => {
    await put('PredictionHeartbeat', () => 1)
    await put('PR-AUC-24h', (batch) => (batch === 0 ? 0.8 : 0.9))
    await put('F1-24h', () => 0.7)
    await put('Onset-PR-AUC-24h', () => 0.2)
    await put('Persistence-Onset-PR-AUC-24h', (batch) => (batch % 2 === 0 ? 0.1 : undefined))
    const { quality } = await endpoint()
    expect(quality).toMatchObject([
      { name: 'PR-AUC-24h', bound: 0.851, batches: BATCHES, met: true },
      { name: 'F1-24h', bound: 0.753, met: false, good_share: 0 },
      { name: 'onset above persistence', bound: 0.1, latest: 0.2, batches: BATCHES / 2, met: true },
    ])
  })

  it('has no endpoint of another city, and knows nothing of freshness without a look at the feed', async () => {
    const other = await sloReport(platform, { city: 'other', namespace: NAMESPACE, now: NOW })
    expect(other.endpoints).toEqual([])
    expect(other.freshness).toMatchObject({ share: null, met: null })
  })

  it('adds up the hours of the month in which snapshots were counted, and no others', async () => {
    const hour = (end: number, snapshots: number, in_time: number) =>
      platform.store.put(
        feedHourKey(CITY, end),
        JSON.stringify({ hour_version: 1, snapshots, in_time, quarantined: {} }),
      )
    await hour(MIDNIGHT, 60, 60)
    await hour(MIDNIGHT + 3600, 40, 37)
    await hour(MIDNIGHT + 2 * 86_400, 60, 0)
    await hour(MIDNIGHT - 20 * 86_400, 60, 0)
    expect((await report()).freshness).toEqual({
      objective: 0.99,
      snapshots: 100,
      in_time: 97,
      share: 0.97,
      met: false,
    })
  })
})
