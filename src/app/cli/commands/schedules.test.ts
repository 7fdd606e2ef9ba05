import { beforeEach, describe, expect, it } from 'vitest'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import type { Schedule } from '../../../core/contracts/schedule.ts'
import { OperatorError } from '../../../core/errors.ts'
import { silentReporter } from '../../../core/report.ts'
import { SCHEDULED_PARTS, scheduleName } from '../../../operations/scheduler/parts.ts'
import type { Schedules } from '../../../platform/ports.ts'
import { openContext } from '../context.ts'
import { runProgram } from '../program.ts'

const NOON = 1_715_688_000

/** The account's schedules. */
let account: Map<string, Schedule>
beforeEach(() => {
  account = new Map(
    SCHEDULED_PARTS.map((part) => {
      const { schedule: expression, what: description } = part
      const name = scheduleName(part)
      return [name, { name, expression, timezone: 'UTC', state: 'ENABLED', description }]
    }),
  )
})
const schedules: Schedules = {
  list: async (names) => names.flatMap((name) => account.get(name) ?? []),
  async setState(name, state, description) {
    const schedule = account.get(name)
    if (!schedule) throw new OperatorError('NOT_FOUND', `there is no schedule ${name}`)
    if (schedule.state === state) return false
    account.set(name, { ...schedule, state, description })
    return true
  },
  close: () => {},
}

async function run(platform: string, ...args: string[]): Promise<{ human: string; json: unknown }> {
  const none = (): Promise<never> => Promise.reject(new Error('nothing else is opened here'))
  const dataDir = await tempDir()
  const { result } = await runProgram({
    version: '0',
    argv: ['schedules', ...args, '--platform', platform, '--data-dir', dataDir],
    out: () => {},
    err: () => {},
    openContext: async (options) =>
      (
        await openContext(options, {
          env: {},
          wall: () => NOON,
          elapsedMs: () => 0,
          signal: new AbortController().signal,
          out: () => {},
          reporter: () => silentReporter,
          compose: none,
          ensureTables: none,
          openSchedules: async () => schedules,
          openStore: none,
        })
      ).context,
  })
  return { human: result?.human ?? '', json: result?.json }
}
const paused = (): string[] =>
  [...account.values()].filter(({ state }) => state === 'DISABLED').map(({ name }) => name)

describe('bikeshare schedules', () => {
  it('lists the schedule of every part that has one, and one that the stack has not made', async () => {
    account.delete('bikeshare-daily')
    const { human, json } = await run('aws', 'list')
    expect(json).toMatchObject({
      schedules: [
        { part: 'batch', schedule: { state: 'ENABLED', expression: 'cron(0/10 * * * ? *)' } },
        { part: 'release' },
        { part: 'daily', name: 'bikeshare-daily', schedule: null },
        { part: 'retrain' },
      ],
    })
    expect(human).toMatch(/daily\s+not there/)
  })

  it('pauses a part, with who, when and why, and resumes it as it was', async () => {
    const before = account.get('bikeshare-retrain')
    const pause = ['pause', 'retrain', '--by', 'ana', '--why', 'the feed is rebuilt']
    expect((await run('aws', ...pause)).json).toEqual({
      state: 'DISABLED',
      changed: ['retrain'],
      unchanged: [],
    })
    expect(paused()).toEqual(['bikeshare-retrain'])
    expect((await run('aws', 'list')).human).toMatch(
      /retrain\s+paused.*Paused by ana at 2024-05-14T12:00:00Z: the feed is rebuilt/,
    )
    expect((await run('aws', ...pause)).human).toBe('retrain was paused already.')
    expect((await run('aws', 'resume', 'retrain')).human).toBe('retrain is on, for all cities.')
    expect(account.get('bikeshare-retrain')).toEqual(before)
  })

  it('pauses and resumes all of them', async () => {
    await run('aws', 'pause', '--all', '--why', 'the lake moves')
    expect(paused()).toEqual(SCHEDULED_PARTS.map(scheduleName))
    await run('aws', 'resume', '--all')
    expect(paused()).toEqual([])
  })

  it.each([
    ['without a reason', 'aws', ['pause', 'retrain'], /needs who and why/],
    ['of no part', 'aws', ['pause', '--why', 'a trial'], /which part/],
    ['of a part that is none', 'aws', ['pause', 'nightly', '--why', 'a trial'], /is no part of the jobs/],
    ['of the part that stays', 'aws', ['pause', 'ingest', '--why', 'a trial'], /ingest has no schedule/],
    ['on this machine', 'local', ['pause', 'retrain', '--why', 'a trial'], /`bikeshare run` does/],
    ['on this machine', 'local', ['list'], /`bikeshare run` does/],
  ])('refuses a pause or a list %s', async (_, platform, args, message) => {
    await expect(run(platform, ...args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    })
    expect(paused()).toEqual([])
  })
})
