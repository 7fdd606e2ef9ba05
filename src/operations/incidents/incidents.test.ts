import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleRelease, writeEnded } from '../../../test/support/example-release.ts'
import { Crash, crashingAt } from '../../../test/support/lake-fixtures.ts'
import {
  CITY,
  ENDPOINT,
  NAMESPACE,
  openOperationsPlatform,
  type OperationsPlatform,
} from '../../../test/support/operations-platform.ts'
import { SLOT } from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { MetricName } from '../../core/contracts/metrics.ts'
import { qualityBaselineKey } from '../../core/keys.ts'
import { modelGroup } from '../../model/registry/registry.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import { alarmsFor } from '../alarms/alarms-for.ts'
import { listIncidents } from './incident-store.ts'
import { addNote, closeIncident, openIncident } from './incidents.ts'
import { keepReport, renderIncident, reportKeys } from './keep-report.ts'
import { openDueIncidents, type IncidentPlatform } from './open-due.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

const NOW = SLOT + 3600
const HOSTILE = '<script>alert(1)</script> | "x" & [a](javascript:b)'

describe('incidents', () => {
  let opened: OperationsPlatform
  let platform: IncidentPlatform
  let version: string
  beforeEach(async () => {
    opened = await openOperationsPlatform(scorer)
    platform = { ...opened, scorer }
    version = (await readDeployment(opened.store, ENDPOINT))?.variants[0]?.model_version ?? ''
  })
  afterEach(() => opened.close())

  const due = (on = platform, now = NOW) => openDueIncidents(on, { city: CITY, now, namespace: NAMESPACE })
  const byHand = (title = 'riders find no bikes', now = NOW) =>
    openIncident(platform, {
      city: CITY,
      endpoint: ENDPOINT,
      kind: 'by-hand',
      title,
      why: '',
      by: 'ann',
      now,
    })
  /** A promotion over what serves that was taken back. */
  const rejected = () => {
    const release = exampleRelease()
    const [endpoint] = release.endpoints
    if (!endpoint?.from) throw new Error('it has no endpoint')
    const from = {
      ...endpoint.from,
      variants: endpoint.from.variants.map((v) => ({ ...v, model_version: version })),
    }
    return { ...release, endpoints: [{ ...endpoint, from }] }
  }
  const textAt = async (key: string): Promise<string> =>
    new TextDecoder().decode((await platform.store.get(key))?.body)
  const put = (name: MetricName, values: readonly number[]) =>
    opened.metrics.putMetricData(
      NAMESPACE,
      values.map((Value, i) => ({
        MetricName: name,
        Dimensions: { EndpointName: ENDPOINT, City: CITY },
        Timestamp: SLOT - 7200 + i * 600,
        Unit: 'None',
        Value,
      })),
    )

  it('opened twice by hand on a day are one, of another title or day another', async () => {
    const first = await byHand()
    expect(await byHand('riders find no bikes', NOW + 60)).toEqual(first)
    expect((await byHand('riders find no docks')).id).not.toBe(first.id)
    expect((await byHand('riders find no bikes', NOW + 86_400)).id).not.toBe(first.id)
    await expect(byHand('  ')).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('take notes, and close once with their cause', async () => {
    const { id } = await byHand()
    const note = { text: 'the feed was fine', by: 'ben', now: NOW + 60 }
    await addNote(platform, id, note)
    expect((await addNote(platform, id, note)).notes).toHaveLength(1)
    const close = { cause: 'a closed bridge', by: 'ann', now: NOW + 120 }
    const closed = await closeIncident(platform, id, close)
    expect(await closeIncident(platform, id, { ...close, now: NOW + 999 })).toEqual(closed)
    await expect(closeIncident(platform, id, { ...close, cause: 'rain' })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
    })
    await expect(addNote(platform, '../history/head', note)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are opened for a release that was taken back, once, with new baselines for what serves again', async () => {
    const release = rejected()
    await writeEnded(platform.store, release)
    const key = qualityBaselineKey(modelGroup(CITY, 'bikes'), version)
    const [incident, ...others] = await due()
    expect(others).toEqual([])
    expect(incident).toMatchObject({
      kind: 'rollback',
      release_id: release.id,
      began: SLOT,
      endpoint: ENDPOINT,
    })
    const [stored] = await listIncidents(platform)
    expect(stored?.refresh?.models).toMatchObject([
      {
        endpoint: ENDPOINT,
        model_version: version,
        baselines: [
          { baseline: 'quality', before: null, problem: null },
          // The lake of this test has no features.
          { baseline: 'drift', before: null, after: null, problem: expect.stringContaining('no features') },
        ],
      },
    ])
    expect(await textAt(key)).toContain(version)
    expect(await due()).toEqual([])
    expect(await due(platform, NOW + 7200)).toEqual([])
    expect(await listIncidents(platform)).toEqual([stored])
  })

  it('replace a baseline only by one that could be made', async () => {
    await writeEnded(platform.store, rejected())
    const [quality, drift] = ['quality', 'drift'].map(
      (name) => `monitoring/baseline/${modelGroup(CITY, 'bikes')}/${version}/${name}.json`,
    )
    for (const key of [quality, drift]) await platform.store.put(key ?? '', 'old')
    await due()
    expect(await textAt(drift ?? '')).toBe('old')
    expect(JSON.parse(await textAt(quality ?? ''))).toMatchObject({ version })
    const [incident] = await listIncidents(platform)
    const [made] = incident?.refresh?.models[0]?.baselines ?? []
    expect(made?.after).not.toBe(made?.before)
  })

  it('name a silent rollback of the host as one', async () => {
    const reason = `${ENDPOINT}: it went back to c1 by itself, and says InService`
    await writeEnded(platform.store, exampleRelease({ reason }))
    expect(await due()).toMatchObject([{ kind: 'silent-rollback', why: expect.stringContaining(reason) }])
  })

  it('are opened for a failed release and a rollback, not for a promotion that went well', async () => {
    const of = (id: string, more: Parameters<typeof exampleRelease>[0]) =>
      writeEnded(platform.store, exampleRelease({ id, ...more }))
    await of('a', { phase: 'failed' })
    await of('b', { kind: 'rollback', phase: 'done', why: 'onsets are missed' })
    await of('c', { phase: 'done' })
    await of('d', { city: 'elsewhere' })
    const found = await due()
    expect(found.map(({ release_id }) => release_id)).toEqual(['a', 'b'])
    expect((await listIncidents(platform)).map(({ refresh }) => refresh?.models[0]?.model_version)).toEqual(
      expect.arrayContaining([undefined, 'v2']),
    )
  })

  it('are opened for a critical alarm, one a day', async () => {
    const alarm = alarmsFor({
      endpoint: ENDPOINT,
      city: CITY,
      namespace: NAMESPACE,
      variants: ['AllTraffic'],
      stations: 10,
      floors: undefined,
    }).find(({ AlarmName }) => AlarmName === 'prod-endpoint-5xx-crit')
    if (!alarm || !('Metrics' in alarm)) throw new Error('there is no such alarm')
    opened.clock.now = NOW
    await opened.alarms.putMetricAlarm(alarm)
    const set = (StateValue: 'OK' | 'ALARM', now: number) =>
      opened.alarms.setAlarmState({ AlarmName: alarm.AlarmName, StateValue, StateReason: 'by hand', now })
    await set('ALARM', NOW)
    const [incident] = await due()
    expect(incident).toMatchObject({ kind: 'alarm', alarm: alarm.AlarmName, began: NOW })
    await set('OK', NOW + 600)
    await set('ALARM', NOW + 1200)
    expect(await due(platform, NOW + 1200)).toEqual([])
    await set('OK', NOW + 1800)
    await set('ALARM', NOW + 86_400)
    expect(await due(platform, NOW + 86_400)).toHaveLength(1)
  })

  it('killed at every write and opened again are as if never killed', async () => {
    await writeEnded(platform.store, rejected())
    await put('PR-AUC-24h', [0.9, 0.8])
    const content = async (): Promise<Record<string, string>> => {
      const found: Record<string, string> = {}
      for (const prefix of ['incidents/', 'monitoring/baseline/'])
        for await (const { key } of platform.store.list(prefix)) found[key] = await textAt(key)
      return found
    }
    await due()
    const whole = await content()
    expect(Object.keys(whole).length).toBeGreaterThan(4)
    let kills = 0
    for (let at = 0; ; at++) {
      for (const key of Object.keys(await content())) await platform.store.delete(key)
      const dying = crashingAt(platform, at)
      const killed = await due(dying).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      )
      if (!killed) break
      kills++
      await due()
      const [again, expected] = [await content(), whole]
      // A baseline that was written before the kill is the one before when it is made again.
      for (const one of [again, expected])
        for (const [key, text] of Object.entries(one))
          one[key] = text.replaceAll(
            /"before": (null|"[0-9a-f]+")|[0-9a-f]{64}|sha256 [0-9a-f]{12}|made for the first time|the same as before/g,
            '',
          )
      expect(again).toEqual(expected)
    }
    expect(kills).toBeGreaterThan(6)
  })

  it('have a report that tells what served, what happened and what was run', async () => {
    await writeEnded(platform.store, rejected())
    await put('PR-AUC-24h', [0.9, 0.91, 0.7])
    await put('Onset-PR-AUC-24h', [0.5, 0.4])
    await put('Persistence-Onset-PR-AUC-24h', [0.2, 0.2])
    await put('Samples-24h', [1200, 1440])
    const [incident] = await due()
    if (!incident) throw new Error('none was opened')
    const { markdown, html, figures, facts } = await renderIncident(platform, incident.id, {
      now: NOW,
      namespace: NAMESPACE,
    })
    expect(facts.endpoints).toMatchObject([
      { endpoint: ENDPOINT, at_beginning: { variants: [{ model_version: version }] } },
    ])
    expect(markdown).toContain(
      'bikeshare promote --prod-endpoint bikeshare-prod --model-name v2 --strategy canary --canary-percent 10',
    )
    expect(markdown).toContain('promote asked for by ann')
    expect(markdown).toContain('made for the first time')
    const drawn = figures.filter(({ svg }) => svg !== null).map(({ file }) => file)
    expect(drawn).toEqual([`${ENDPOINT}-pr-auc.svg`, `${ENDPOINT}-onset-pr-auc.svg`])
    expect(html).toContain('each of the 1,200 to 1,440 predictions')
    expect(html).toContain('Nothing is known.')
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html).not.toMatch(/<(script|link|img)|https?:\/\/(?!www\.w3\.org)/)
    expect(await textAt(`incidents/${incident.id}/graphs/${drawn[0]}`)).toMatch(/^<svg/)
  })

  it('have a report in which hostile text does nothing', async () => {
    await writeEnded(platform.store, { ...exampleRelease(), by: HOSTILE, why: HOSTILE, reason: HOSTILE })
    const [incident] = await due()
    const id = incident?.id ?? ''
    await addNote(platform, id, { text: HOSTILE, by: HOSTILE, now: NOW })
    await closeIncident(platform, id, { cause: HOSTILE, by: HOSTILE, now: NOW })
    const { markdown, html } = await renderIncident(platform, id, { now: NOW, namespace: NAMESPACE })
    expect(html).not.toContain('<script')
    expect(markdown).not.toMatch(/(?<!\\)<script|(?<!\\)\[a(?<!\\)\]/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('keep the report of one that was closed long ago as it was', async () => {
    const { id } = await byHand()
    await closeIncident(platform, id, { cause: 'c', by: 'ann', now: NOW })
    await keepReport(platform, id, { now: NOW + 13 * 3600, namespace: NAMESPACE })
    const page = await textAt(reportKeys(id).html)
    await keepReport(platform, id, { now: NOW + 400 * 86_400, namespace: NAMESPACE, fresh: true })
    expect(await textAt(reportKeys(id).html)).toBe(page)
    await addNote(platform, id, { text: 'n', by: 'ann', now: NOW + 1 })
    await keepReport(platform, id, { now: NOW + 14 * 3600, namespace: NAMESPACE })
    expect(await textAt(reportKeys(id).html)).not.toBe(page)
  })
})
