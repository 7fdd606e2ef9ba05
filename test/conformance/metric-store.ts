import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOperatorError } from '../../src/core/errors.ts'
import type { MetricDatum, MetricStore } from '../../src/platform/ports.ts'

const NOON = Date.parse('2024-03-12T12:00:00Z') / 1000
const PROD = { EndpointName: 'bikeshare-prod', City: 'nyc' }

const datum = (more: Partial<MetricDatum> = {}): MetricDatum => ({
  MetricName: 'PredictionHeartbeat',
  Dimensions: PROD,
  Timestamp: NOON,
  Value: 1,
  Unit: 'None',
  ...more,
})

/** What every MetricStore must do. `open` gives a new, empty one. */
export function metricStoreSuite(
  name: string,
  open: () => Promise<{ metrics: MetricStore; close: () => Promise<void> }>,
): void {
  describe(`a metric store: ${name}`, () => {
    let metrics: MetricStore
    let close: () => Promise<void>
    beforeEach(async () => {
      const opened = await open()
      metrics = opened.metrics
      close = opened.close
    })
    afterEach(() => close())

    const read = (more: Partial<Parameters<MetricStore['datapoints']>[0]> = {}): Promise<MetricDatum[]> =>
      metrics.datapoints({
        namespace: 'Bikeshare/Model',
        metricName: 'PredictionHeartbeat',
        dimensions: PROD,
        from: NOON - 86_400,
        to: NOON + 86_400,
        ...more,
      })
    const put = (data: MetricDatum[], namespace = 'Bikeshare/Model'): Promise<void> =>
      metrics.putMetricData(namespace, data)

    it('knows nothing before the first put', async () => {
      expect(await read()).toEqual([])
      await put([])
      expect(await read()).toEqual([])
    })

    it('gives back the datapoints of one metric and its dimensions, oldest first', async () => {
      await put([
        datum({ Timestamp: NOON + 600, Value: 0 }),
        datum(),
        datum({ MetricName: 'PSI', Value: 0.1 }),
      ])
      await put([
        datum({ Dimensions: { ...PROD, City: 'paris' } }),
        datum({ Dimensions: { EndpointName: 'bikeshare-prod' } }),
      ])
      await put([datum()], 'Bikeshare')
      expect(await read()).toEqual([datum(), datum({ Timestamp: NOON + 600, Value: 0 })])
      expect(await read({ dimensions: { City: 'nyc', EndpointName: 'bikeshare-prod' } })).toHaveLength(2)
      expect(await read({ metricName: 'PSI' })).toHaveLength(1)
      expect(await read({ namespace: 'Bikeshare' })).toHaveLength(1)
    })

    it('counts the same data put twice once', async () => {
      const data = [datum(), datum({ Timestamp: NOON + 600 })]
      await put(data)
      await put(data)
      expect(await read()).toEqual(data)
    })

    it('takes the window as after its start and up to its end, over midnight', async () => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.integer({ min: -200_000, max: 200_000 }), { maxLength: 8 }),
          async (offsets) => {
            run += 1
            const Dimensions = { run: String(run) }
            await put(offsets.map((offset) => datum({ Dimensions, Timestamp: NOON + offset, Value: offset })))
            const [from, to] = [NOON - 50_000, NOON + 50_000]
            const expected = offsets.filter((o) => o > -50_000 && o <= 50_000).sort((a, b) => a - b)
            expect((await read({ dimensions: Dimensions, from, to })).map((d) => d.Value)).toEqual(expected)
          },
        ),
        { numRuns: 20 },
      )
    })

    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'refuses the value %s, and all that came with it',
      async (Value) => {
        await expect(put([datum(), datum({ Value })])).rejects.toSatisfy(
          (error) => isOperatorError(error, 'BAD_INPUT') && error.message.includes('PredictionHeartbeat'),
        )
        expect(await read()).toEqual([])
      },
    )
  })
}
