import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  NOON,
  openAlarmPlatform,
  writeServing,
  type AlarmPlatform,
} from '../../../test/support/alarm-platform.ts'
import { writeInputs } from '../../../test/support/feature-lake.ts'
import type { MetricAlarm } from '../../core/contracts/cloudwatch.ts'
import { deploymentKey, qualityBaselineKey } from '../../core/keys.ts'
import { appendHistory } from '../../model/serving/history.ts'
import { silentReporter } from '../../core/report.ts'
import { ALARM_TABLE } from './alarm-table.ts'
import { openAlarms } from './open-alarms.ts'
import { syncAlarms, type SyncResult } from './sync-alarms.ts'

let platform: AlarmPlatform
beforeEach(async () => {
  platform = await openAlarmPlatform()
})
afterEach(() => platform.close())

const sync = (now = NOON): Promise<SyncResult> =>
  syncAlarms(platform, { city: 'nyc', namespace: 'Bikeshare/Model', now, report: silentReporter })
const names = async (): Promise<string[]> =>
  (await platform.alarms.describeAlarms()).map(({ alarm }) => alarm.AlarmName)
async function metricAlarm(name: string): Promise<MetricAlarm> {
  const found = (await platform.alarms.describeAlarms()).find(({ alarm }) => alarm.AlarmName === name)?.alarm
  if (!found || 'AlarmRule' in found) throw new Error(`no metric alarm ${name}`)
  return found
}
const writeStations = (stations: number, at: number): Promise<unknown> =>
  writeInputs(
    platform,
    'nyc',
    {
      timezone: 'America/New_York',
      country: 'US',
      information: [],
      weather: [],
      status: Array.from({ length: stations }, (_, i) => ({
        last_updated: at,
        station_id: `s${i}`,
        num_bikes_available: 1,
        num_docks_available: 1,
        num_bikes_disabled: 0,
        num_docks_disabled: 0,
        is_installed: true,
        is_renting: true,
        is_returning: true,
      })),
    },
    'live',
  )

describe('keeping alarms in step with what serves', () => {
  it('looks at the variants of an A/B that was left as well, as long as the alarms look back on it', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    const served = (...names: string[]) => ({
      endpoint_config: names.join('-'),
      variants: names.map((variant) => ({
        variant,
        group: 'g',
        model_version: 'v',
        model_name: 'm',
        weight: 1,
        threshold: 0.2,
      })),
    })
    const change = { endpoint: 'bikeshare-prod', city: 'nyc', target: 'bikes', by: 'ann', why: '' } as const
    const left = {
      ...change,
      action: 'rollback',
      at: NOON - 600,
      from: null,
      to: served('AllTraffic'),
    } as const
    const entered = { ...change, action: 'promote', at: NOON - 3600, from: null } as const
    await appendHistory(platform.store, { ...entered, to: served('Baseline', 'Candidate') })
    await appendHistory(platform.store, left)
    await sync()
    const variantsOf = async (): Promise<(string | undefined)[]> =>
      (await metricAlarm('prod-20m-zero')).Metrics.flatMap(({ MetricStat }) =>
        MetricStat ? [MetricStat.Metric.Dimensions['VariantName']] : [],
      )
    expect(await variantsOf()).toEqual(['AllTraffic', 'Baseline', 'Candidate'])
    await sync(NOON + 26 * 3600)
    expect(await variantsOf()).toEqual(['AllTraffic'])
  })

  it('sets those of every prod endpoint of the city, and of no other', async () => {
    expect(await sync()).toEqual({ endpoints: [], alarms: 0, deleted: [] })
    await writeServing(platform.store, 'bikeshare-prod')
    await writeServing(platform.store, 'bikeshare-prod-docks')
    await writeServing(platform.store, 'bikeshare-staging')
    await writeServing(platform.store, 'bikeshare-paris-prod', ['AllTraffic'], 'paris')
    const result = await sync()
    expect(result).toMatchObject({ endpoints: ['bikeshare-prod', 'bikeshare-prod-docks'], deleted: [] })
    const expected = ['prod', 'prod-docks'].flatMap((prefix) =>
      ALARM_TABLE.map(({ suffix }) => `${prefix}-${suffix}`),
    )
    expect(await names()).toEqual(expected.toSorted())
  })

  it('changes nothing the second time', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    await sync()
    const history = await platform.alarms.describeAlarmHistory({ from: 0, to: NOON })
    await sync(NOON + 600)
    expect(await platform.alarms.describeAlarmHistory({ from: 0, to: NOON + 600 })).toEqual(history)
  })

  it('deletes those of an endpoint that is gone, and leaves those that are not from the table', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    await writeServing(platform.store, 'bikeshare-prod-docks')
    await sync()
    const own = { ...(await metricAlarm('prod-feature-drift-warn')), AlarmName: 'my-own-feature-drift-warn' }
    await platform.alarms.putMetricAlarm(own)
    await platform.store.delete(deploymentKey('bikeshare-prod'))
    expect((await sync()).deleted).toHaveLength(ALARM_TABLE.length)
    expect(await names()).toEqual(
      ['my-own-feature-drift-warn', ...ALARM_TABLE.map(({ suffix }) => `prod-docks-${suffix}`)].toSorted(),
    )
  })

  it('follows the variants that serve', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    await sync()
    await writeServing(platform.store, 'bikeshare-prod', ['Baseline', 'Candidate'])
    await sync()
    const { Metrics } = await metricAlarm('prod-endpoint-5xx-crit')
    expect(Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions['VariantName'] ?? [])).toEqual([
      'Baseline',
      'Candidate',
    ])
  })

  it('expects as much traffic as there are stations, and as before while the feed is away', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    await writeStations(250, NOON - 60)
    await sync()
    expect((await metricAlarm('prod-low-traffic-24h')).Threshold).toBe(9)
    await sync(NOON + 7200)
    expect((await metricAlarm('prod-low-traffic-24h')).Threshold).toBe(9)
  })

  it("takes the bounds that the model's own baseline sets, the lowest of its variants", async () => {
    await writeServing(platform.store, 'bikeshare-prod', ['Baseline', 'Candidate'])
    const write = (version: string, pr_auc_floor: number | null, f1_floor: number): Promise<unknown> =>
      platform.store.put(
        qualityBaselineKey('nyc-bikes', version),
        JSON.stringify({ pr_auc_floor, f1_floor, other: 1 }),
      )
    const thresholds = async (): Promise<unknown[]> => [
      (await metricAlarm('prod-quality-prauc-24h-warn')).Threshold,
      (await metricAlarm('prod-quality-f1-24h-warn')).Threshold,
    ]
    await write('v1', 0.9, 0.8)
    await sync()
    expect(await thresholds()).toEqual([0.851, 0.753])
    await write('v2', 0.95, 0.78)
    await sync()
    expect(await thresholds()).toEqual([0.9, 0.78])
    await write('v2', null, 0.78)
    await sync()
    expect(await thresholds()).toEqual([0.851, 0.753])
  })

  it('takes no actions for too little traffic while the endpoint is new', async () => {
    await writeServing(platform.store, 'bikeshare-prod')
    await sync()
    await sync(NOON + 60)
    const silenced = async (at: number): Promise<string[]> =>
      (await openAlarms(platform, at)).filter(({ silence }) => silence !== null).map(({ name }) => name)
    expect(await silenced(NOON + 600)).toEqual([
      'prod-20m-zero',
      'prod-endpoint-invoke-zero',
      'prod-feed-stale-crit',
      'prod-low-traffic-24h',
    ])
    expect(await silenced(NOON + 1800)).toEqual(['prod-low-traffic-24h'])
    expect(await silenced(NOON + 7200)).toEqual([])
  })
})

describe('an alarm as operators see it', () => {
  it('has its severity and its section of the runbook', async () => {
    await writeServing(platform.store, 'bikeshare-prod-docks')
    await sync()
    const views = await openAlarms(platform, NOON)
    expect(views.find(({ name }) => name === 'prod-docks-endpoint-5xx-crit')).toMatchObject({
      severity: 'crit',
      runbook: 'prod-endpoint-5xx-crit',
      StateValue: 'INSUFFICIENT_DATA',
      silence: null,
    })
  })
})
