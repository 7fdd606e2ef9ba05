import { describe, expect, it } from 'vitest'
import { Crash, crashingAt, filesBelow } from '../../../../test/support/lake-fixtures.ts'
import { datapoints } from '../../../../test/support/metric-datapoints.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import type { Metric, MetricDatum, Statistic } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS } from '../../../core/time.ts'
import type { ObjectStore } from '../../ports.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openMetricStore, type LocalMetricStore } from './metric-store.ts'

const DAY = Date.parse('2024-03-12T00:00:00Z') / 1000
const NAMESPACE = 'Bikeshare/Model'
const Dimensions = { EndpointName: 'bikeshare-prod', City: 'nyc' }
const metric = (MetricName: string): Metric => ({ Namespace: NAMESPACE, MetricName, Dimensions })
const BLOCK = `metrics/Bikeshare%2FModel/ds=2024-03-12/block.jsonl`

const datum = (MetricName: string, Timestamp: number, Value: number): MetricDatum => ({
  MetricName,
  Dimensions,
  Timestamp,
  Value,
  Unit: 'None',
})

/** A day of batches and of parts of minutes, a few of them the same, and a put that covers two days. */
async function fill(metrics: LocalMetricStore): Promise<void> {
  for (let i = 0; i < 12; i++) {
    const at = DAY + i * 7200
    await metrics.putMetricData(NAMESPACE, [datum('PSI', at, i), datum('F1', at, 1 / (i + 1))])
    await metrics.putPart(NAMESPACE, [datum('Requests', at, 5)], `part-${i}`)
    await metrics.putPart(NAMESPACE, [datum('Requests', at, 5)], `again-${i}`)
  }
  await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY, 0), datum('PSI', DAY - 600, 100)])
  const over = [datum('Requests', DAY - 60, 7), datum('Requests', DAY, 9), datum('Requests', DAY + 86_400, 1)]
  await metrics.putPart(NAMESPACE, over, 'over midnight')
}

/** Everything that can be asked, as numbers. */
async function everything(store: ObjectStore): Promise<unknown> {
  const metrics = openMetricStore({ store })
  const found: Record<string, unknown> = {}
  for (const name of ['PSI', 'F1', 'Requests'])
    for (const stat of ['Sum', 'SampleCount', 'p90'] as const satisfies Statistic[])
      found[`${name} ${stat}`] = await datapoints(metrics, metric(name), {
        from: DAY - DAY_SECONDS,
        to: DAY + 2 * DAY_SECONDS,
        period: 3600,
        stat,
      })
  found['listed'] = await metrics.listMetrics()
  return found
}

const keysOf = async (store: ObjectStore): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of store.list('metrics/')) keys.push(key)
  return keys
}

describe('maintaining metrics', () => {
  it('leaves one block a day, with the same figures, and a second time changes nothing', async () => {
    const root = await tempDir()
    const store = openDirectoryStore(root)
    const metrics = openMetricStore({ store })
    await fill(metrics)
    const before = await everything(store)
    expect(await keysOf(store)).toHaveLength(12 * 3 + 2)
    await metrics.maintain(DAY + 3 * DAY_SECONDS)
    expect(await keysOf(store)).toEqual(['11', '12', '13'].map((day) => BLOCK.replace('-12/', `-${day}/`)))
    expect(await everything(store)).toEqual(before)
    const files = await filesBelow(root)
    await metrics.maintain(DAY + 3 * DAY_SECONDS)
    await openMetricStore({ store }).maintain(DAY + 3 * DAY_SECONDS)
    expect(await filesBelow(root)).toEqual(files)
  })

  it('counts what is put again after it was merged once, and takes what comes late', async () => {
    const store = openDirectoryStore(await tempDir())
    const metrics = openMetricStore({ store })
    await fill(metrics)
    const before = await everything(store)
    await metrics.maintain(DAY + 3 * DAY_SECONDS)
    await fill(metrics)
    expect(await everything(store)).toEqual(before)
    await metrics.maintain(DAY + 3 * DAY_SECONDS)
    expect(await everything(store)).toEqual(before)
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + 30, 1000)])
    const first = async () =>
      (await datapoints(metrics, metric('PSI'), { from: DAY, to: DAY + 3600, period: 3600 }))[0]
    expect(await first()).toEqual([DAY, 1000])
    await metrics.maintain(DAY + 3 * DAY_SECONDS)
    expect(await first()).toEqual([DAY, 1000])
  })

  it('merges an open day only once it has many puts', async () => {
    const store = openDirectoryStore(await tempDir())
    const metrics = openMetricStore({ store })
    for (let i = 0; i < 31; i++) await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + i, i)])
    await metrics.maintain(DAY + 3600)
    expect(await keysOf(store)).toHaveLength(31)
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + 31, 31)])
    await metrics.maintain(DAY + 3600)
    expect(await keysOf(store)).toEqual([BLOCK])
  })

  it('killed before any of its writes and run again ends as if never killed', async () => {
    const root = await tempDir()
    const calm = openDirectoryStore(root)
    await fill(openMetricStore({ store: calm }))
    const before = await everything(calm)
    const end = DAY + 3 * DAY_SECONDS
    await openMetricStore({ store: calm }).maintain(end)
    const whole = await filesBelow(root)
    for (let at = 0, dead = true; dead; at += at < 6 ? 1 : 7) {
      const store = openDirectoryStore(await tempDir())
      await fill(openMetricStore({ store }))
      const dying = crashingAt({ store, warehouse: {} as never }, at)
      dead = await openMetricStore({ store: dying.store })
        .maintain(end)
        .then(
          () => false,
          (error: unknown) => {
            if (error instanceof Crash) return true
            throw error
          },
        )
      expect(await everything(store)).toEqual(before)
      await openMetricStore({ store }).maintain(end)
      expect(await everything(store)).toEqual(before)
      for (const key of await keysOf(store))
        expect(new TextDecoder().decode((await store.get(key))?.body)).toEqual(
          new TextDecoder().decode((await calm.get(key))?.body),
        )
      expect(await keysOf(store)).toEqual(Object.keys(whole).sort())
      if (!dead) expect(at).toBeGreaterThan(38)
    }
  })

  it('never lets a reader see a gap or a datum twice, before or after any of its writes', async () => {
    const store = openDirectoryStore(await tempDir())
    await fill(openMetricStore({ store }))
    const before = await everything(store)
    let looks = 0
    // A reader that lists before a write may read after it.
    const late: Promise<unknown>[] = []
    const look = async (): Promise<void> => {
      looks++
      expect(await everything(store)).toEqual(before)
      if (looks % 5 === 0) late.push(everything(store))
    }
    const watched: ObjectStore = {
      ...store,
      async put(...put) {
        await look()
        const done = await store.put(...put)
        await look()
        return done
      },
      async delete(key) {
        await store.delete(key)
        if (looks % 3 === 0) await look()
        else looks++
      },
    }
    await openMetricStore({ store: watched }).maintain(DAY + 3 * DAY_SECONDS)
    expect(await Promise.all(late)).toEqual(late.map(() => before))
    expect(looks).toBeGreaterThan(40)
  })

  it('loses nothing when two processes maintain while others put', async () => {
    const store = openDirectoryStore(await tempDir())
    const stores = Array.from({ length: 3 }, () => openMetricStore({ store }))
    let sum = 0
    for (let round = 0; round < 6; round++) {
      const puts = Array.from({ length: 8 }, (_, i) => {
        sum += i
        return stores[i % 3]?.putPart(NAMESPACE, [datum('Requests', DAY + i, i)], `${round}-${i}`)
      })
      const end = DAY + 2 * DAY_SECONDS
      await Promise.all([...puts, stores[0]?.maintain(end), stores[1]?.maintain(end)])
    }
    const total = () =>
      datapoints(openMetricStore({ store }), metric('Requests'), { from: DAY, to: DAY + 60 })
    expect(await total()).toEqual([[DAY, sum]])
    await stores[2]?.maintain(DAY + 2 * DAY_SECONDS)
    expect(await total()).toEqual([[DAY, sum]])
    expect(await keysOf(store)).toEqual([BLOCK])
  })

  it('aggregates by age as CloudWatch does, to 5 minutes, then hours, then nothing', async () => {
    const store = openDirectoryStore(await tempDir())
    const metrics = openMetricStore({ store })
    const minutes = Array.from({ length: 120 }, (_, i) => datum('PSI', DAY + i * 60, i))
    await metrics.putMetricData(NAMESPACE, minutes)
    const read = (period: number, stat: Statistic = 'Sum') =>
      datapoints(metrics, metric('PSI'), { from: DAY, to: DAY + 7200, period, stat })
    const after = (days: number): Promise<void> => metrics.maintain(DAY + (days + 1) * DAY_SECONDS)
    const hours = await read(3600)
    const tails = await read(3600, 'p99')
    await after(14.9)
    expect(await read(60)).toHaveLength(120)
    await after(15)
    expect(await read(60)).toHaveLength(24)
    expect(await read(300, 'SampleCount')).toEqual(Array.from({ length: 24 }, (_, i) => [DAY + i * 300, 5]))
    expect(await read(300, 'Maximum')).toEqual(
      Array.from({ length: 24 }, (_, i) => [DAY + i * 300, i * 5 + 4]),
    )
    expect(await read(3600)).toEqual(hours)
    expect(await read(3600, 'p99')).toEqual(tails)
    await after(62.9)
    expect(await read(300)).toHaveLength(24)
    await after(63)
    expect(await read(300)).toHaveLength(2)
    expect(await read(3600)).toEqual(hours)
    expect(await read(3600, 'p99')).toEqual(tails)
    await after(454.9)
    expect(await read(3600)).toEqual(hours)
    await after(455)
    expect(await keysOf(store)).toEqual([])
    expect(await read(3600)).toEqual([])
  })

  it('names a damaged file, reads the others, and maintains all but it', async () => {
    const store = openDirectoryStore(await tempDir())
    const metrics = openMetricStore({ store })
    const end = DAY + 4 * DAY_SECONDS
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY, 1)])
    await metrics.maintain(end)
    const body = new TextDecoder().decode((await store.get(BLOCK))?.body)
    await store.put(BLOCK, body.replace('"v":[1]', '"v":[7]'))
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + 60, 5)])
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + DAY_SECONDS, 2)])
    const torn = 'metrics/Bikeshare%2FModel/ds=2024-03-14/0011223344556677.jsonl'
    await store.put(torn, '{"MetricName":"PSI","Dim')
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + 2 * DAY_SECONDS, 3)])
    await metrics.putMetricData('Else', [datum('PSI', DAY, 4)])

    const read = (day: number, Namespace = NAMESPACE) =>
      datapoints(
        metrics,
        { ...metric('PSI'), Namespace },
        {
          from: DAY + day * DAY_SECONDS,
          to: DAY + (day + 1) * DAY_SECONDS,
        },
      )
    const damaged = (key: string) => ({ code: 'CORRUPT', message: expect.stringContaining(key) })
    await expect(metrics.maintain(end)).rejects.toMatchObject(damaged(BLOCK))
    await expect(read(0)).rejects.toMatchObject(damaged(BLOCK))
    await expect(read(2)).rejects.toMatchObject(damaged(torn))
    expect(await read(0, 'Else')).toEqual([[DAY, 4]])
    expect(await read(1)).toEqual([[DAY + DAY_SECONDS, 2]])
    await store.delete(torn)
    expect(await read(2)).toEqual([[DAY + 2 * DAY_SECONDS, 3]])
    await store.delete(BLOCK)
    await metrics.maintain(end)
    expect(await read(0)).toEqual([[DAY + 60, 5]])
    expect((await keysOf(store)).filter((key) => !key.endsWith('block.jsonl'))).toEqual([])
  })

  it('reads and merges what an earlier version put', async () => {
    const store = openDirectoryStore(await tempDir())
    const metrics = openMetricStore({ store })
    await store.put(
      'metrics/Bikeshare%2FModel/ds=2024-03-12/00112233445566778899aabbccddeeff.jsonl',
      `${JSON.stringify(datum('PSI', DAY + 600, 2))}\n`,
    )
    await metrics.putMetricData(NAMESPACE, [datum('PSI', DAY + 600, 2)])
    const read = () => datapoints(metrics, metric('PSI'), { from: DAY, to: DAY + 3600 })
    expect(await read()).toEqual([[DAY + 600, 2]])
    await metrics.maintain(DAY + 2 * DAY_SECONDS)
    expect(await read()).toEqual([[DAY + 600, 2]])
    expect(await keysOf(store)).toEqual([BLOCK])
  })
})
