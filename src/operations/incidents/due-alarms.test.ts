import { describe, expect, it } from 'vitest'
import { exampleRelease } from '../../../test/support/example-release.ts'
import type { AlarmHistoryItem } from '../../core/contracts/cloudwatch.ts'
import type { AlarmView } from '../alarms/open-alarms.ts'
import { dueAlarms } from './due-alarms.ts'

const NOW = 1_715_702_400
const CRIT = 'prod-endpoint-5xx-crit'
const WARN = 'prod-quality-prauc-24h-warn'

const view = (name: string, since: number, more: Partial<AlarmView> = {}): AlarmView => ({
  name,
  alarm: { AlarmName: name, AlarmDescription: '', AlarmRule: 'ALARM("x")' },
  StateValue: 'ALARM',
  StateReason: 'over its bound',
  StateUpdatedTimestamp: since,
  severity: name.endsWith('crit') ? 'crit' : 'warn',
  runbook: null,
  silence: null,
  ...more,
})

const change = (AlarmName: string, Timestamp: number, to: string): AlarmHistoryItem => ({
  AlarmName,
  Timestamp,
  HistoryItemType: 'StateUpdate',
  HistorySummary: `Alarm updated to ${to}`,
  HistoryData: { to, reason: 'a test' },
})

const due = (
  alarms: readonly AlarmView[],
  more: Partial<Pick<Parameters<typeof dueAlarms>[0], 'history' | 'releases' | 'silences'>> = {},
): (readonly [string, number])[] =>
  dueAlarms({
    endpoints: ['bikeshare-prod'],
    alarms,
    history: [],
    releases: [],
    silences: [],
    now: NOW,
    ...more,
  }).map(({ name, since }) => [name, since])

describe('an alarm is an incident', () => {
  it('but not when it was silenced from its beginning to its end', () => {
    const silence = {
      id: 's',
      alarm: CRIT,
      from: NOW - 600,
      until: NOW + 60,
      by: 'ann',
      why: 'x',
      ended: null,
    }
    expect(due([view(CRIT, NOW - 600)], { silences: [silence] })).toEqual([])
    expect(due([view(CRIT, NOW - 601)], { silences: [silence] })).toHaveLength(1)
    expect(due([view(CRIT, NOW - 600)], { silences: [{ ...silence, until: NOW - 1 }] })).toHaveLength(1)
    expect(due([view(CRIT, NOW - 600)], { silences: [{ ...silence, alarm: WARN }] })).toHaveLength(1)
  })

  it('at once when it is critical, after over two hours when it warns', () => {
    expect(due([view(CRIT, NOW)])).toEqual([[CRIT, NOW]])
    expect(due([view(WARN, NOW - 7200)])).toEqual([])
    expect(due([view(WARN, NOW - 7201)])).toEqual([[WARN, NOW - 7201]])
  })

  it('when it has passed while nobody looked', () => {
    const history = [change(CRIT, NOW - 5000, 'ALARM'), change(CRIT, NOW - 4700, 'OK')]
    expect(due([view(CRIT, NOW - 4700, { StateValue: 'OK' })], { history })).toEqual([[CRIT, NOW - 5000]])
    const short = [change(WARN, NOW - 9000, 'ALARM'), change(WARN, NOW - 4000, 'OK')]
    expect(due([view(WARN, NOW - 4000, { StateValue: 'OK' })], { history: short })).toEqual([])
  })

  it('not of an endpoint that is not in production, nor while it is silenced', () => {
    expect(due([view('staging-endpoint-5xx-crit', NOW)])).toEqual([])
    const silence = { id: 's', alarm: CRIT, from: 0, until: NOW + 1, by: 'ann', why: 'w', ended: null }
    expect(due([view(CRIT, NOW, { silence })])).toEqual([])
  })

  it('not when it took back a release that it watched, but before and after', () => {
    const release = exampleRelease()
    const [from, to] = [release.timeline[0]?.at ?? 0, release.timeline.at(-1)?.at ?? 0]
    const releases = [release]
    for (const since of [from, to]) expect(due([view(CRIT, since)], { releases })).toEqual([])
    for (const since of [from - 1, to + 1])
      expect(due([view(CRIT, since)], { releases })).toEqual([[CRIT, since]])
    expect(due([view(CRIT, from + 9)], { releases: [exampleRelease({ phase: 'done' })] })).toHaveLength(1)
    expect(due([view(CRIT, NOW)], { releases: [exampleRelease({ phase: 'baking' })] })).toEqual([])
  })
})
