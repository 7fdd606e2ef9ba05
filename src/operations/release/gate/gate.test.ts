import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../../test/support/local-platform.ts'
import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import type { Condition, GateResult } from '../../../core/contracts/gate.ts'
import { MODEL_NAMESPACE, SAGEMAKER_NAMESPACE } from '../../../core/contracts/metrics.ts'
import { BATCH_SECONDS, DAY_SECONDS } from '../../../core/time.ts'
import { findDeployment, writeDeployment } from '../../../model/serving/deployments.ts'
import { runGate } from './gate.ts'
import { waive } from './waivers.ts'

const AT = 1_715_688_000
const ENDPOINT = 'bikeshare-staging'
const CITY = 'nyc'

describe('the admission gate', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  const gate = (now = AT + 5, endpoint = ENDPOINT, city = CITY): Promise<GateResult> =>
    runGate(platform, { endpoint, city, region: 'ca-central-1', namespace: MODEL_NAMESPACE, now })
  const failed = (result: GateResult): string[] =>
    result.conditions.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
  const condition = (result: GateResult, name: string): Condition | undefined =>
    result.conditions.find((c) => c.name === name)

  const own = (MetricName: string, Timestamp: number, Value: number): MetricDatum => ({
    MetricName,
    Dimensions: { EndpointName: ENDPOINT, City: CITY },
    Timestamp,
    Value,
    Unit: 'None',
  })
  const ofVariant = (MetricName: string, Timestamp: number, Value: number, Unit = 'None'): MetricDatum => ({
    MetricName,
    Dimensions: { EndpointName: ENDPOINT, VariantName: 'AllTraffic' },
    Timestamp,
    Value,
    Unit,
  })
  const deploy = async (version: string, at: number): Promise<void> => {
    const variant = {
      variant: 'AllTraffic',
      group: 'g',
      model_version: version,
      model_name: version,
      weight: 1,
      threshold: 0.2,
    }
    const record = {
      endpoint: ENDPOINT,
      city: CITY,
      target: 'bikes' as const,
      endpoint_config: `c-${version}`,
      variants: [variant],
      updated_at: at,
      by: 'test',
    }
    const before = await findDeployment(platform.store, ENDPOINT)
    await writeDeployment(platform.store, record, before, { action: 'deploy', why: '' })
  }
  /** A good day, of which some batches or figures may be left out. */
  const goodDay = async (change: (data: MetricDatum[]) => MetricDatum[] = (data) => data): Promise<void> => {
    await deploy('v1', AT - 2 * DAY_SECONDS)
    const batches = Array.from({ length: 144 }, (_, i) => AT - i * BATCH_SECONDS)
    const model = [
      ...batches.map((t) => own('PredictionHeartbeat', t, 1)),
      own('PR-AUC-24h', AT, 0.95),
      own('F1-24h', AT, 0.9),
      own('Samples-24h', AT, 30_000),
      own('PSI', AT - 1800, 0.05),
    ]
    const service = batches.flatMap((t) => [
      ofVariant('Invocations', t, 3),
      ofVariant('ModelLatency', t, 4000, 'Microseconds'),
      ofVariant('Invocation5XXErrors', t, 0),
    ])
    const data = change([...model, ...service])
    const isService = ({ Dimensions }: MetricDatum): boolean => 'VariantName' in Dimensions
    await platform.metrics.putMetricData(
      MODEL_NAMESPACE,
      data.filter((d) => !isService(d)),
    )
    await platform.metrics.putPart(SAGEMAKER_NAMESPACE, data.filter(isService), 'a-test')
  }
  /** No prediction is in these lakes: the seventh condition fails in each, for itself alone. */
  const ONSET = 'Onset-PR-AUC above persistence'

  it('has six conditions and the seventh, and opens them by data', async () => {
    await goodDay()
    const result = await gate()
    expect(result.conditions.map(({ name }) => name)).toHaveLength(7)
    expect(failed(result)).toEqual([ONSET])
    expect(result.model_version).toBe('v1')
    expect(condition(result, 'PredictionHeartbeat')?.value).toBe(144)
    expect(condition(result, 'ModelLatency p95')?.value).toBe(4)
  })

  it('names everything that is missing where there are no data', async () => {
    const result = await gate()
    expect(result.verdict).toBe('fail')
    expect(failed(result)).toHaveLength(7)
    expect(result.conditions.every(({ value, detail }) => value === null && detail.includes('missing'))).toBe(
      true,
    )
  })

  it('with one heartbeat missing sums to 143 and fails by that alone', async () => {
    await goodDay((data) =>
      data.filter(
        (d) => !(d.MetricName === 'PredictionHeartbeat' && d.Timestamp === AT - 50 * BATCH_SECONDS),
      ),
    )
    const result = await gate()
    expect(failed(result)).toEqual(['PredictionHeartbeat', ONSET])
    expect(condition(result, 'PredictionHeartbeat')).toMatchObject({ value: 143 })
    expect(condition(result, 'PredictionHeartbeat')?.detail).toContain('1 missing')
  })

  it.each([
    ['PR-AUC-24h', 0.699],
    ['F1-24h', 0.549],
    ['PSI', 0.2],
  ])('fails by %s at %d', async (name, value) => {
    await goodDay((data) => data.map((d) => (d.MetricName === name ? { ...d, Value: value } : d)))
    expect(failed(await gate())).toEqual([name, ONSET])
  })

  it('fails by one server error, and by one slow hour', async () => {
    await goodDay((data) =>
      data.map((d) =>
        d.Timestamp !== AT - 600
          ? d
          : d.MetricName === 'Invocation5XXErrors'
            ? { ...d, Value: 1 }
            : d.MetricName === 'ModelLatency'
              ? { ...d, Value: 900_000 }
              : d,
      ),
    )
    expect(failed(await gate())).toEqual(['ModelLatency p95', 'Invocation5XXErrors', ONSET])
  })

  it('fails by figures that are old, and by too few samples', async () => {
    await goodDay()
    expect(failed(await gate(AT + 3600))).toEqual(['PR-AUC-24h', 'F1-24h', 'PredictionHeartbeat', ONSET])
    expect(failed(await gate(AT + 3600)).length).toBe(4)
  })

  it('fails by too few samples', async () => {
    await goodDay((data) => data.map((d) => (d.MetricName === 'Samples-24h' ? { ...d, Value: 499 } : d)))
    expect(failed(await gate())).toEqual(['PR-AUC-24h', 'F1-24h', ONSET])
  })

  it('does not count what was measured of another model version, or in another city', async () => {
    await goodDay()
    await deploy('v2', AT - 3600)
    const result = await gate()
    expect(failed(result)).toHaveLength(7)
    expect(condition(result, 'PR-AUC-24h')?.detail).toContain('serves v2 only since')
    expect(failed(await gate(AT + 5, ENDPOINT, 'paris'))).toContain('PR-AUC-24h')
  })

  it('lets PSI pass by a waiver, as long as it lasts and for that endpoint alone; never a missing PSI', async () => {
    await goodDay((data) => data.map((d) => (d.MetricName === 'PSI' ? { ...d, Value: 0.25 } : d)))
    const given = { metric: 'PSI', by: 'ann', why: 'a new district', until: AT + 3600 }
    await waive(platform.store, { ...given, endpoint: 'another' }, AT)
    expect(failed(await gate())).toContain('PSI')
    await waive(platform.store, { ...given, endpoint: ENDPOINT }, AT)
    const result = await gate()
    expect(condition(result, 'PSI')).toMatchObject({ verdict: 'waived', value: 0.25 })
    expect(condition(result, 'PSI')?.detail).toContain('ann')
    expect(failed(await gate(AT + 3600))).toContain('PSI')
  })

  it.each([
    ['another condition', { metric: 'PR-AUC-24h' }],
    ['an end in the past', { until: AT - 1 }],
    ['an end of years', { until: AT + 400 * DAY_SECONDS }],
    ['nobody', { by: ' ' }],
    ['no reason', { why: '' }],
  ])('gives no waiver for %s', async (_, change) => {
    const given = { metric: 'PSI', endpoint: ENDPOINT, by: 'ann', why: 'x', until: AT + 60, ...change }
    await expect(waive(platform.store, given, AT)).rejects.toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
