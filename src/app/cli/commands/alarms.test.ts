import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alarmsFor } from '../../../operations/alarms/alarms-for.ts'
import { ALARM_TABLE } from '../../../operations/alarms/alarm-table.ts'
import { openHookServer } from '../../../../test/support/hook-server.ts'
import { NOON, writeServing } from '../../../../test/support/alarm-platform.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { configSchema } from '../../../core/config/schema.ts'
import { silentReporter } from '../../../core/report.ts'
import { isoOf } from '../../../core/time.ts'
import { createLake } from '../../../data/lake/lake-info.ts'
import { composePlatform } from '../../../platform/compose.ts'
import type { Platform } from '../../../platform/ports.ts'
import { openContext, type ClosableContext } from '../context.ts'
import { runProgram } from '../program.ts'

const NAME = 'prod-endpoint-5xx-crit'

let dataDir: string
let env: Record<string, string>
beforeEach(async () => {
  dataDir = await tempDir()
  env = {}
  await withPlatform((platform) =>
    createLake(platform.store, {
      city: 'nyc',
      timezone: 'America/New_York',
      country: 'US',
      system_name: null,
      feed_url: null,
      virtual_now: NOON,
    }),
  )
})
const open: ClosableContext[] = []
afterEach(async () => {
  for (const context of open.splice(0)) await context.close()
})

function openPlatform(): Promise<Platform> {
  return composePlatform(configSchema.parse({}), {
    root: join(dataDir, 'nyc'),
    clock: () => NOON,
    elapsedMs: () => 0,
    env: {},
    random: () => 0,
    report: silentReporter,
  })
}

async function withPlatform<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await openPlatform()
  try {
    return await work(platform)
  } finally {
    await platform.close()
  }
}

/** Sets the alarms of a prod endpoint. */
const setAlarms = (): Promise<void> =>
  withPlatform(async (platform) => {
    const subject = { endpoint: 'bikeshare-prod', city: 'nyc', namespace: 'Bikeshare/Model' }
    for (const alarm of alarmsFor({ ...subject, variants: ['AllTraffic'], stations: 100, floors: undefined }))
      await ('AlarmRule' in alarm
        ? platform.alarms.putCompositeAlarm(alarm)
        : platform.alarms.putMetricAlarm(alarm))
  })

interface Run {
  readonly code: number
  readonly human: string
  readonly json: Record<string, unknown>
}

async function run(...args: string[]): Promise<Run> {
  const outcome = await runProgram({
    version: '0',
    argv: ['alarms', ...args, '--data-dir', dataDir, '--city', 'nyc'],
    out: () => {},
    err: () => {},
    openContext: async (options) => {
      const context = await openContext(options, {
        env,
        wall: () => NOON,
        elapsedMs: () => 0,
        signal: new AbortController().signal,
        out: () => {},
        reporter: () => silentReporter,
        compose: openPlatform,
        ensureTables: () => Promise.reject(new Error('no table is made here')),
        openSchedules: () => Promise.reject(new Error('no schedule is looked at here')),
        openStore: () => Promise.reject(new Error('no store is opened here')),
      })
      open.push(context)
      return context.context
    },
  })
  const { human = '', json = {} } = outcome.result ?? {}
  return { code: outcome.exitCode, human, json: json as Record<string, unknown> }
}

describe('alarms list', () => {
  it('names what there will be, and says that nothing serves yet', async () => {
    const { json, human } = await run('list')
    expect(json['alarms']).toHaveLength(ALARM_TABLE.length)
    expect(json['alarms']).toContainEqual(expect.objectContaining({ name: NAME, state: null }))
    expect(human).toContain('nothing serves in prod yet')
  })

  it('says who sets the alarms of what serves already', async () => {
    await withPlatform(({ store }) => writeServing(store, 'bikeshare-prod'))
    expect((await run('list')).human).toContain('bikeshare run')
  })

  it('shows every alarm with its definition, the worst first, or those in one state', async () => {
    await setAlarms()
    await withPlatform(({ alarms }) =>
      alarms.setAlarmState({ AlarmName: NAME, StateValue: 'ALARM', StateReason: 'a trial', now: NOON }),
    )
    const { json } = await run('list')
    expect(json['alarms']).toHaveLength(ALARM_TABLE.length)
    expect((json['alarms'] as unknown[])[0]).toMatchObject({
      name: NAME,
      state: 'ALARM',
      since: NOON,
      reason: 'a trial',
      definition: { AlarmName: NAME, Threshold: 0 },
    })
    expect((await run('list', '--state', 'alarm')).json['alarms']).toHaveLength(1)
    await expect(run('list', '--state', 'bad')).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('alarms show', () => {
  it('tells what it means, when it is raised, the last datapoints and where to look', async () => {
    await setAlarms()
    const { human, json } = await run('show', NAME)
    for (const part of [
      'A request to the endpoint failed.',
      '> 0 in 1 of 1 periods of 5 min',
      `runbook.md#${NAME}`,
    ])
      expect(human).toContain(part)
    expect(json['datapoints']).toEqual([900, 600, 300].map((before) => ({ t: NOON - before, value: null })))
  })

  it('is NOT_FOUND for an alarm that is not there', async () => {
    await expect(run('show', 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('alarms silence', () => {
  it('silences one alarm, or all, shows it, and ends it', async () => {
    await setAlarms()
    expect((await run('silence', NAME, '--for', '2h', '--why', 'a trial', '--by', 'ana')).human).toContain(
      isoOf(NOON + 7200),
    )
    expect((await run('list')).json['alarms']).toContainEqual(
      expect.objectContaining({
        name: NAME,
        silence: expect.objectContaining({ by: 'ana', why: 'a trial' }),
      }),
    )
    expect((await run('silence', NAME, '--end')).json['ended']).toHaveLength(1)
    await run('silence', '--all', '--for', '1h', '--why', 'moving')
    const { json } = await run('list')
    expect((json['alarms'] as { silence: unknown }[]).every(({ silence }) => silence !== null)).toBe(true)
  })

  it.each([
    ['neither a name nor --all', ['--for', '2h', '--why', 'x']],
    ['both', [NAME, '--all', '--for', '2h', '--why', 'x']],
    ['no duration', [NAME, '--why', 'x']],
    ['no reason', [NAME, '--for', '2h']],
    ['more than a week', [NAME, '--for', '8d', '--why', 'x']],
  ])('is refused with %s', async (_, args) => {
    await setAlarms()
    await expect(run('silence', ...args)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('alarms history', () => {
  it('tells changes of one alarm in a span', async () => {
    await setAlarms()
    await withPlatform(({ alarms }) =>
      alarms.setAlarmState({ AlarmName: NAME, StateValue: 'ALARM', StateReason: 'a trial', now: NOON }),
    )
    const { human, json } = await run('history', NAME)
    expect(json['items']).toHaveLength(2)
    expect(human).toContain('a trial')
    expect((await run('history', NAME, '--to', isoOf(NOON - 60))).json['items']).toEqual([])
    await expect(run('history', '--from', isoOf(NOON), '--to', isoOf(NOON))).rejects.toMatchObject({
      code: 'USAGE',
    })
  })
})

describe('alarms test', () => {
  it('sends a test document, and exits with 3 when it is not taken', async () => {
    const hook = await openHookServer(200)
    try {
      env = { BIKESHARE_ALARMS__WEBHOOK_URL: hook.url, BIKESHARE_ALARMS__RETRIES: '0' }
      expect((await run('test', NAME)).code).toBe(0)
      expect(JSON.parse(hook.requests[0]?.body ?? '')).toMatchObject({ kind: 'test', alarm: NAME })
      hook.answers = [500]
      const { code, human } = await run('test', NAME)
      expect(code).toBe(3)
      expect(human).toContain('it answered 500')
    } finally {
      await hook.close()
    }
  })

  it('says what to do when no action is configured', async () => {
    await expect(run('test', NAME)).rejects.toMatchObject({ code: 'CONFIG' })
  })
})
