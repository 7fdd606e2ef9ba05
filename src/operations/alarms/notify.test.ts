import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  alarmSettings,
  NOON,
  openAlarmPlatform,
  type AlarmPlatform,
} from '../../../test/support/alarm-platform.ts'
import { openHookServer, type HookServer } from '../../../test/support/hook-server.ts'
import type { Config } from '../../core/config/schema.ts'
import type { StateValue } from '../../core/contracts/cloudwatch.ts'
import { silentReporter, type Reporter } from '../../core/report.ts'
import { DAY_SECONDS, HOUR_SECONDS } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { alarmsFor } from './alarms-for.ts'
import { sendAlarmActions } from './notify.ts'
import type { ActionDocument } from './notify/action-document.ts'
import { readActions, type ActionRecord } from './notify/action-records.ts'
import { addSilence, endSilences } from './silences.ts'

const CRIT = 'prod-endpoint-5xx-crit'
const WARN = 'prod-feature-drift-warn'

let platform: AlarmPlatform
let hook: HookServer
beforeEach(async () => {
  platform = await openAlarmPlatform()
  hook = await openHookServer(200)
  const subject = {
    endpoint: 'bikeshare-prod',
    city: 'nyc',
    namespace: 'Bikeshare/Model',
    variants: ['AllTraffic'],
    stations: 100,
    floors: undefined,
  }
  for (const alarm of alarmsFor(subject))
    if (!('AlarmRule' in alarm) && [CRIT, WARN].includes(alarm.AlarmName))
      await platform.alarms.putMetricAlarm(alarm)
})
afterEach(async () => {
  await hook.close()
  await platform.close()
})

interface SendOptions {
  readonly settings?: Partial<Config['alarms']>
  readonly report?: Reporter
  readonly store?: ObjectStore
}

const send = (now: number, o: SendOptions = {}): Promise<ActionRecord[]> =>
  sendAlarmActions(
    { alarms: platform.alarms, store: o.store ?? platform.store },
    {
      settings: alarmSettings({ webhook_url: hook.url, retries: 0, timeout_seconds: 5, ...o.settings }),
      city: 'nyc',
      now,
      report: o.report ?? silentReporter,
      wait: () => Promise.resolve(),
    },
  )
const set = (now: number, StateValue: StateValue, AlarmName = CRIT): Promise<void> =>
  platform.alarms.setAlarmState({ AlarmName, StateValue, StateReason: 'by hand', now })
const got = (): ActionDocument[] => hook.requests.map(({ body }) => JSON.parse(body) as ActionDocument)
const told = (): string[] => got().map(({ alarm, state, level }) => `${alarm} ${state} ${level}`)

describe('what is told', () => {
  it('is a change into ALARM, once, and the one back to OK', async () => {
    await send(NOON)
    await set(NOON + 60, 'ALARM')
    await send(NOON + 60)
    await send(NOON + 120)
    await set(NOON + 180, 'OK')
    await send(NOON + 180)
    await send(NOON + 240)
    expect(told()).toEqual([`${CRIT} ALARM critical`, `${CRIT} OK ok`])
    expect(got()[0]).toMatchObject({
      version: 1,
      kind: 'alarm',
      city: 'nyc',
      severity: 'crit',
      previous_state: 'INSUFFICIENT_DATA',
      reason: 'by hand',
      at: '2024-05-14T12:01:00Z',
      timestamp: NOON + 60,
      runbook: `docs/runbook.md#${CRIT}`,
    })
    expect(new Set(got().map(({ id }) => id)).size).toBe(2)
  })

  it('is not that a new alarm is well', async () => {
    await set(NOON, 'OK')
    await send(NOON)
    expect(told()).toEqual([])
  })

  it('is that data are missing, as a warning, and that they came again', async () => {
    await set(NOON - 1, 'OK', WARN)
    await set(NOON, 'INSUFFICIENT_DATA', WARN)
    await send(NOON)
    await set(NOON + 60, 'OK', WARN)
    await send(NOON + 60)
    expect(told()).toEqual([`${WARN} INSUFFICIENT_DATA warning`, `${WARN} OK ok`])
  })

  it('is all that happened while nobody sent, in order', async () => {
    await send(NOON)
    await set(NOON + 60, 'ALARM')
    await set(NOON + 120, 'ALARM', WARN)
    await set(NOON + 3 * DAY_SECONDS, 'OK')
    await send(NOON + 3 * DAY_SECONDS + 60)
    expect(told()).toEqual([`${CRIT} ALARM critical`, `${WARN} ALARM warning`, `${CRIT} OK ok`])
  })

  it('is nothing of the time before there was anybody to tell', async () => {
    await set(NOON - DAY_SECONDS, 'ALARM')
    await send(NOON)
    expect(told()).toEqual([])
  })

  it('is also a change that a clock set back has dated before one already told', async () => {
    await set(NOON, 'ALARM')
    await send(NOON)
    await set(NOON - HOUR_SECONDS / 2, 'ALARM', WARN)
    await send(NOON - HOUR_SECONDS / 2)
    expect(told()).toEqual([`${CRIT} ALARM critical`, `${WARN} ALARM warning`])
  })

  it('is not piled up while no action is configured', async () => {
    const none = { settings: { webhook_url: undefined } }
    await set(NOON, 'ALARM')
    expect(await send(NOON, none)).toEqual([])
    await send(NOON + 60)
    expect(told()).toEqual([])
    await set(NOON + 120, 'OK')
    await send(NOON + 120)
    expect(told()).toEqual([`${CRIT} OK ok`])
  })
})

describe('a webhook that fails', () => {
  it('gets what it has not taken the next time, under the same id, and before what came later', async () => {
    hook.answers = [500]
    await set(NOON, 'ALARM')
    expect(await send(NOON)).toMatchObject([{ outcome: 'failing', error: 'it answered 500' }])
    await set(NOON + 60, 'OK')
    await send(NOON + 60)
    expect(told()).toEqual([`${CRIT} ALARM critical`, `${CRIT} ALARM critical`])
    hook.answers = [200]
    expect(await send(NOON + 120)).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }])
    expect(told().slice(2)).toEqual([`${CRIT} ALARM critical`, `${CRIT} OK ok`])
    expect(
      new Set(
        got()
          .slice(0, 3)
          .map(({ id }) => id),
      ).size,
    ).toBe(1)
  })

  it('that answers 500, then 200 in the same round, has taken it', async () => {
    hook.answers = [500, 200]
    await set(NOON, 'ALARM')
    expect(await send(NOON, { settings: { retries: 1 } })).toMatchObject([{ outcome: 'delivered', tries: 2 }])
  })

  it('that hangs does not keep the others waiting, or the round longer than its timeout', async () => {
    hook.answers = ['hang']
    await set(NOON, 'ALARM')
    await set(NOON, 'ALARM', WARN)
    const settings = { timeout_seconds: 0.05, retries: 4, command: ['true'] }
    const records = await send(NOON, { settings: { ...settings, timeout_seconds: 2 } })
    const by = (channel: string): string[] =>
      records.filter((record) => record.channel === channel).map(({ outcome }) => outcome)
    expect(by('command')).toEqual(['delivered', 'delivered'])
    expect(by('webhook')).toEqual(['failing'])
    // One request: a timeout is not tried again in the round, and what waits behind it is not tried at all.
    expect(hook.requests).toHaveLength(1)
  })

  it('is given up after a day, once tried and then at once, and what is newer goes on', async () => {
    hook.answers = [500]
    await set(NOON, 'ALARM')
    await set(NOON + 1, 'ALARM', WARN)
    await send(NOON + 1)
    const later = NOON + DAY_SECONDS + 60
    await set(later, 'OK')
    expect((await send(later)).map(({ outcome, tries }) => [outcome, tries])).toEqual([
      ['given-up', 1],
      ['given-up', 0],
    ])
    hook.answers = [200]
    await send(later + 60)
    expect(told().at(-1)).toBe(`${CRIT} OK ok`)
  })

  it('is warned of, with nothing secret in logs, records and errors', async () => {
    hook.answers = [500]
    const lines: string[] = []
    const report = { ...silentReporter, warn: (line: string) => void lines.push(line) }
    await set(NOON, 'ALARM')
    const settings = {
      webhook_url: `http://ana:hunter22@127.0.0.1:${hook.port}/hunter22?key=hunter22`,
      webhook_secret: 'hunter22',
    }
    const records = await send(NOON, { settings, report })
    expect(lines.join()).toContain('it answered 500')
    const kept: string[] = []
    for await (const { key } of platform.store.list('alarms/'))
      kept.push(new TextDecoder().decode((await platform.store.get(key))?.body))
    expect(JSON.stringify([lines, records, kept])).not.toContain('hunter')
    expect(kept.join()).toContain(CRIT)
  })
})

describe('a silence', () => {
  const silence = (alarm: string, from: number, seconds: number): Promise<unknown> =>
    addSilence(platform.store, { alarm, from, seconds, by: 'ana', why: 'a trial' })

  it('stops the actions, and leaves a record', async () => {
    await silence(CRIT, NOON, HOUR_SECONDS)
    await set(NOON + 60, 'ALARM')
    await set(NOON + 60, 'ALARM', WARN)
    expect(await send(NOON + 60)).toMatchObject([
      { outcome: 'silenced', channel: null },
      { outcome: 'delivered', channel: 'webhook' },
    ])
    expect(told()).toEqual([`${WARN} ALARM warning`])
  })

  it('that is over lets through what still holds', async () => {
    await silence('*', NOON, HOUR_SECONDS)
    await set(NOON + 60, 'ALARM')
    await set(NOON + 60, 'ALARM', WARN)
    await send(NOON + 60)
    await set(NOON + 120, 'OK', WARN)
    await send(NOON + 120)
    expect(told()).toEqual([])
    await send(NOON + HOUR_SECONDS)
    await send(NOON + HOUR_SECONDS + 60)
    expect(told()).toEqual([`${CRIT} ALARM critical`])
  })

  it('that was ended lets the next change through', async () => {
    await silence(CRIT, NOON, HOUR_SECONDS)
    await endSilences(platform.store, { alarm: CRIT, now: NOON + 30, by: 'ana' })
    await set(NOON + 60, 'ALARM')
    await send(NOON + 60)
    expect(told()).toEqual([`${CRIT} ALARM critical`])
  })
})

describe('a process that is killed', () => {
  /** Fails at the `n`-th put, and at all after it. */
  function killedAt(n: number): ObjectStore {
    let puts = 0
    return {
      ...platform.store,
      put: (key, body, options) => {
        puts += 1
        return puts >= n ? Promise.reject(new Error('killed')) : platform.store.put(key, body, options)
      },
    }
  }

  it.each([1, 2, 3, 4, 5])(
    'at its put %i has told everything, nothing after it was recorded as taken',
    async (n) => {
      await set(NOON, 'ALARM')
      await set(NOON, 'ALARM', WARN)
      const before = await send(NOON, { store: killedAt(n) }).then(
        () => 'ended',
        (error: Error) => error.message,
      )
      expect(before).toBe(n <= 5 ? 'killed' : 'ended')
      const recorded = new Set(
        (await readActions(platform.store, { from: 0, to: NOON })).map(
          ({ HistoryData }) => HistoryData['id'],
        ),
      )
      const first = got().length
      await send(NOON + 60)
      await send(NOON + 120)
      expect(new Set(told())).toEqual(new Set([`${CRIT} ALARM critical`, `${WARN} ALARM warning`]))
      const again = got().slice(first)
      expect(again.filter(({ id }) => recorded.has(id))).toEqual([])
      // Killed between taking and recording: the same once more, under the same id.
      expect(new Set(got().map(({ id }) => id)).size).toBe(2)
      expect(got().length).toBeLessThanOrEqual(3)
    },
  )
})

it('gives what two senders send at once the same id, and tells all but one that another is at work', async () => {
  await set(NOON, 'ALARM')
  await send(NOON)
  await set(NOON + 60, 'OK')
  const outcomes = await Promise.allSettled([send(NOON + 60), send(NOON + 60)])
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
  for (const outcome of outcomes)
    expect(outcome.status === 'fulfilled' ? 'WRITE_CONFLICT' : outcome.reason).toEqual(
      outcome.status === 'fulfilled' ? 'WRITE_CONFLICT' : expect.objectContaining({ code: 'WRITE_CONFLICT' }),
    )
  expect(new Set(got().map(({ id }) => id)).size).toBe(2)
})

it('refuses a damaged outbox by name', async () => {
  await platform.store.put('alarms/actions/outbox.json', '{')
  await expect(send(NOON)).rejects.toMatchObject({ code: 'CORRUPT' })
})
