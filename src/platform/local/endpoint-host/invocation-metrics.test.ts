import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { datapoints } from '../../../../test/support/metric-datapoints.ts'
import { seededRandom } from '../../../core/seeded-random.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import type { MetricDatum, Statistic } from '../../../core/contracts/cloudwatch.ts'
import { SAGEMAKER_NAMESPACE, type SageMakerMetricName } from '../../../core/contracts/metrics.ts'
import { OperatorError } from '../../../core/errors.ts'
import { silentReporter } from '../../../core/report.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openMetricStore, type LocalMetricStore } from '../metric-store/metric-store.ts'
import { openInvocationMetrics } from './invocation-metrics.ts'
import type { CountedCall } from './minute-counts.ts'

const MINUTE = 1_715_700_000

const call = (more: Partial<CountedCall> = {}): CountedCall => ({
  endpoint: 'bikeshare-prod',
  variant: 'AllTraffic',
  ending: 'answered',
  modelMicros: 1500,
  overheadMicros: 200,
  ...more,
})

async function open(random = seededRandom(1)) {
  const time = { now: MINUTE }
  const store = openDirectoryStore(await tempDir())
  const metrics = openMetricStore({ store, clock: () => time.now })
  const failure: { error: Error | undefined } = { error: undefined }
  const warnings: string[] = []
  const counted = (random: () => number) =>
    openInvocationMetrics({
      metrics: {
        putPart: async (...put: Parameters<LocalMetricStore['putPart']>) => {
          if (failure.error) throw failure.error
          await metrics.putPart(...put)
        },
      },
      clock: () => time.now,
      random,
      report: { ...silentReporter, warn: (text) => void warnings.push(text) },
    })
  const read = (
    MetricName: SageMakerMetricName,
    stat: Statistic = 'Sum',
    VariantName = 'AllTraffic',
  ): Promise<[number, number][]> =>
    datapoints(
      metrics,
      {
        Namespace: SAGEMAKER_NAMESPACE,
        MetricName,
        Dimensions: { EndpointName: 'bikeshare-prod', VariantName },
      },
      { from: MINUTE - 3600, to: MINUTE + 7200, stat },
    )
  const files = async (): Promise<number> => {
    let count = 0
    for await (const _ of store.list('metrics/')) count++
    return count
  }
  return { time, metrics, failure, warnings, host: counted(random), another: counted, read, files }
}

describe('metrics of invocations', () => {
  it('are SageMaker’s, by minute and variant, each in its unit', async () => {
    const { time, metrics, host, read } = await open()
    host.count(call())
    host.count(call({ modelMicros: 2500.4, overheadMicros: 100 }))
    host.count(call({ ending: 'refused', modelMicros: undefined, overheadMicros: undefined }))
    host.count(call({ variant: 'Candidate', ending: 'failed' }))
    time.now += 60
    host.count(call())
    await host.flush()
    expect(await read('Invocations')).toEqual([
      [MINUTE, 3],
      [MINUTE + 60, 1],
    ])
    expect(await read('Invocations', 'SampleCount')).toEqual(await read('Invocations'))
    expect(await read('Invocation4XXErrors')).toEqual([
      [MINUTE, 1],
      [MINUTE + 60, 0],
    ])
    expect((await read('Invocation4XXErrors', 'Average'))[0]).toEqual([MINUTE, expect.closeTo(1 / 3, 12)])
    expect(await read('Invocation5XXErrors', 'Sum', 'Candidate')).toEqual([[MINUTE, 1]])
    expect((await read('ModelLatency', 'Average'))[0]).toEqual([MINUTE, 2000])
    expect((await read('OverheadLatency', 'Maximum'))[0]).toEqual([MINUTE, 200])
    const listed = await metrics.listMetrics({ MetricName: 'ModelLatency' })
    expect(listed.map(({ Dimensions }) => Dimensions['VariantName'])).toEqual(['AllTraffic', 'Candidate'])
  })

  it('add up to every request, however the minute is cut by flushes, by hosts and by merging', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('call', 'flush', 'minute', 'maintain', 'other'), { maxLength: 25 }),
        async (steps) => {
          const { time, metrics, host, another, read } = await open()
          const other = another(seededRandom(2))
          let requests = 0
          for (const step of steps) {
            if (step === 'flush') await host.flush()
            else if (step === 'minute') time.now += 60
            else if (step === 'maintain') await metrics.maintain(time.now + 86_400)
            else {
              ;(step === 'other' ? other : host).count(call())
              requests++
            }
          }
          await host.close()
          await other.close()
          const sums = (await read('Invocations')).map(([, v]) => v)
          expect(sums.reduce((a, b) => a + b, 0)).toBe(requests)
          await metrics.maintain(time.now + 86_400)
          expect((await read('Invocations')).map(([, v]) => v)).toEqual(sums)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('wait while they cannot be written, and are written once they can', async () => {
    const { time, failure, warnings, host, read } = await open()
    failure.error = new OperatorError('UNAVAILABLE', 'the disk is full')
    for (let minute = 0; minute < 3; minute++, time.now += 60) {
      host.count(call())
      await host.flush()
    }
    expect(await read('Invocations')).toEqual([])
    expect(warnings).toContain('metrics of the endpoints cannot be written: the disk is full')
    failure.error = undefined
    await host.flush()
    await host.flush()
    expect(await read('Invocations')).toEqual([0, 60, 120].map((s) => [MINUTE + s, 1]))
  })

  it('count once when a write failed after it had been done', async () => {
    const { metrics, read } = await open()
    let fails = true
    const host = openInvocationMetrics({
      metrics: {
        async putPart(...put) {
          await metrics.putPart(...put)
          if (fails) throw new OperatorError('UNAVAILABLE', 'the folder could not be synced')
        },
      },
      clock: () => MINUTE,
      random: seededRandom(1),
      report: silentReporter,
    })
    host.count(call())
    await host.flush()
    await metrics.maintain(MINUTE + 2 * 86_400)
    fails = false
    await host.flush()
    expect(await read('Invocations')).toEqual([[MINUTE, 1]])
  })

  it('never hold more than an hour of minutes in memory', async () => {
    const { time, failure, warnings, host, read } = await open()
    failure.error = new OperatorError('UNAVAILABLE', 'the disk is full')
    for (let minute = 0; minute < 70; minute++, time.now += 60) {
      host.count(call())
      await host.flush()
    }
    failure.error = undefined
    await host.close()
    expect(await read('Invocations')).toHaveLength(60)
    expect(warnings.filter((text) => text.includes('are lost'))).toHaveLength(10)
  })

  it('keep count, sum and extremes, and percentiles to 1 %, of latencies too many to keep', async () => {
    const { host, files, read } = await open()
    const random = seededRandom(5)
    const latencies = Array.from({ length: 5000 }, () => Math.round(Math.exp(6 + 6 * random())))
    for (const modelMicros of latencies) host.count(call({ modelMicros }))
    await host.flush()
    latencies.sort((a, b) => a - b)
    const at = async (stat: Statistic): Promise<number> =>
      (await read('ModelLatency', stat))[0]?.[1] ?? Number.NaN
    expect(await at('SampleCount')).toBe(5000)
    expect(await at('Sum')).toBeCloseTo(
      latencies.reduce((a, b) => a + b, 0),
      2,
    )
    expect(await at('Minimum')).toBe(latencies[0])
    expect(await at('Maximum')).toBe(latencies.at(-1))
    for (const p of [50, 95, 99]) {
      const exact = latencies[Math.floor((p / 100) * 4999)] ?? Number.NaN
      expect(Math.abs((await at(`p${p}`)) / exact - 1)).toBeLessThan(0.012)
    }
    expect(await files()).toBe(1)
  })

  it('are written by themselves once their minute is over, not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const time = { now: MINUTE + 20 }
    const put: MetricDatum[][] = []
    const host = openInvocationMetrics({
      metrics: { putPart: async (_namespace, data) => void put.push([...data]) },
      clock: () => time.now,
      random: () => 0.5,
      report: silentReporter,
    })
    host.count(call())
    host.count(call())
    // A clock that goes slower than the timer: the minute is not over yet.
    time.now += 30
    await vi.advanceTimersByTimeAsync(40_000)
    expect(put).toEqual([])
    time.now += 10
    await vi.advanceTimersByTimeAsync(10_000)
    expect(put.map((data) => data.find(({ MetricName }) => MetricName === 'Invocations'))).toMatchObject([
      { Timestamp: MINUTE, Values: [1], Counts: [2] },
    ])
    await vi.advanceTimersByTimeAsync(600_000)
    expect(put).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are none where nobody wants them', async () => {
    const host = openInvocationMetrics({
      metrics: undefined,
      clock: () => MINUTE,
      random: () => 0.5,
      report: silentReporter,
    })
    host.count(call())
    await host.flush()
    await expect(host.close()).resolves.toBeUndefined()
  })
})
