import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import type { AlarmStore, ObjectStore } from '../../src/platform/ports.ts'
import { tempDir } from '../support/temp-dir.ts'
import { alarmOf, alarmStoreSuite, datum, NAMESPACE, NOON } from './alarm-store.ts'

async function openIn(
  folder: string,
): Promise<{ store: ObjectStore; metrics: ReturnType<typeof openMetricStore>; alarms: AlarmStore }> {
  const store = openDirectoryStore(folder)
  const metrics = openMetricStore({ store })
  return { store, metrics, alarms: openAlarmStore({ store, metrics, clock: () => NOON }) }
}

alarmStoreSuite('files', async () => {
  const { alarms, metrics } = await openIn(await tempDir())
  return { alarms, metrics, close: () => Promise.resolve() }
})

/** A store whose `writes`-th write and all after it fail, as when the process is killed there. */
function killedAfter(store: ObjectStore, writes: number): ObjectStore {
  let left = writes
  return {
    ...store,
    put: (key, body, options) => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('killed')) : store.put(key, body, options)
    },
  }
}

it('comes to the same states and history when it is killed between any two writes and run again', async () => {
  const life = async (
    alarms: AlarmStore,
    again: (work: (a: AlarmStore) => Promise<void>) => Promise<void>,
  ) => {
    await again((a) => a.putMetricAlarm(alarmOf({ AlarmName: 'a' })))
    await again((a) => a.putMetricAlarm(alarmOf({ AlarmName: 'b', TreatMissingData: 'breaching' })))
    await again((a) =>
      a.putCompositeAlarm({ AlarmName: 'c', AlarmDescription: '', AlarmRule: 'ALARM(a) OR ALARM(b)' }),
    )
    for (const at of [0, 300, 600, 900]) await again((a) => a.evaluateAlarms(NOON + at))
    await again((a) =>
      a.setAlarmState({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'x', now: NOON + 901 }),
    )
    await again((a) => a.evaluateAlarms(NOON + 1200))
    await again((a) => a.deleteAlarms(['c']))
    return {
      states: await alarms.describeAlarms(),
      history: await alarms.describeAlarmHistory({ from: 0, to: NOON + 86_400 }),
    }
  }
  const fill = (metrics: ReturnType<typeof openMetricStore>): Promise<void> =>
    metrics.putMetricData(
      NAMESPACE,
      [0.1, 0.1, 0.3, 0.3, 0.1, 0.1, 0.1].map((value, i) => datum(NOON + (i - 3) * 300, value)),
    )
  const whole = await openIn(await tempDir())
  await fill(whole.metrics)
  const expected = await life(whole.alarms, (work) => work(whole.alarms))
  expect(expected.history.length).toBeGreaterThan(8)

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 10 }),
      async (kills) => {
        const { store, metrics, alarms } = await openIn(await tempDir())
        await fill(metrics)
        let step = 0
        const found = await life(alarms, async (work) => {
          const killed = openAlarmStore({
            store: killedAfter(store, kills[step] ?? 0),
            metrics,
            clock: () => NOON,
          })
          step += 1
          await work(killed).catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }))
          await work(alarms)
        })
        expect(found).toEqual(expected)
      },
    ),
    { numRuns: 12 },
  )
})

it('loses no change when two change it at once', async () => {
  const { alarms } = await openIn(await tempDir())
  const names = Array.from({ length: 6 }, (_, i) => `alarm-${i}`)
  await Promise.all(names.map((AlarmName) => alarms.putMetricAlarm(alarmOf({ AlarmName }))))
  expect((await alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName)).toEqual(names)
  expect(await alarms.describeAlarmHistory({ from: 0, to: NOON })).toHaveLength(names.length)
})

it('writes nothing when nothing changed', async () => {
  const { store, metrics, alarms } = await openIn(await tempDir())
  await alarms.putMetricAlarm(alarmOf())
  await metrics.putMetricData(NAMESPACE, [datum(NOON - 600, 0.1), datum(NOON - 300, 0.1), datum(NOON, 0.1)])
  await alarms.evaluateAlarms(NOON)
  const still = openAlarmStore({ store: killedAfter(store, 0), metrics, clock: () => NOON })
  await still.evaluateAlarms(NOON + 60)
  await still.evaluateAlarms(NOON + 300)
  await expect(still.evaluateAlarms(NOON + 86_400)).rejects.toThrow('killed')
})

it('refuses a damaged file by name', async () => {
  const { store, alarms } = await openIn(await tempDir())
  for (const body of ['{', '{"alarms": 1}', '']) {
    await store.put('alarms/alarms.json', body)
    await expect(alarms.describeAlarms()).rejects.toMatchObject({ code: 'CORRUPT' })
  }
})
