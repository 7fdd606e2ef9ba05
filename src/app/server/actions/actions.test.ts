import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  NOW,
  openDashboardLake,
  serveLakes,
  tokenOf,
  type DashboardLake,
  type Served,
} from '../../../../test/support/dashboard.ts'
import { registerStump } from '../../../../test/support/serving-platform.ts'
import type { Action, ActionPreview } from '../../../core/contracts/api/releases.ts'
import { deployModel } from '../../../model/serving/deploy.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import { readHistory } from '../../../model/serving/history.ts'
import { readSilences } from '../../../operations/alarms/silences.ts'
import { findIncident } from '../../../operations/incidents/incident-store.ts'
import { openIncident } from '../../../operations/incidents/incidents.ts'
import { listWaivers } from '../../../operations/release/gate/waivers.ts'
import { newRelease } from '../../../operations/release/promote.ts'
import { activeRelease, beginRelease, listReleases } from '../../../operations/release/release-store.ts'
import { shellLine } from './shell-words.ts'

let lake: DashboardLake
let served: Served
let authorization: string
beforeAll(async () => {
  lake = await openDashboardLake()
  served = await serveLakes([lake])
  authorization = `Bearer ${await tokenOf(lake, 'operator', 'ann b')}`
})
afterAll(async () => {
  await served.close()
  await lake.close()
})

const post = (path: string, json: unknown) =>
  served.ask(`/api/cities/demo/actions${path}`, { json, headers: { authorization } })
async function preview(act: Action): Promise<ActionPreview> {
  const answer = await post('/preview', act)
  expect([answer.status, await answer.clone().text()]).toEqual([200, expect.any(String)])
  return (await answer.json()) as ActionPreview
}
async function perform(act: Action): Promise<unknown> {
  const { confirm } = await preview(act)
  const answer = await post('', { act, confirm })
  expect([answer.status, await answer.clone().text()]).toEqual([200, expect.any(String)])
  return answer.json()
}
async function until(is: () => Promise<boolean>): Promise<void> {
  for (let look = 0; !(await is()); look++) {
    if (look > 6000) throw new Error('it does not come to that')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('an action', () => {
  it('is refused when the lake is not as it was for its preview', async () => {
    const act = { action: 'silence', alarm: '*', hours: 1, why: 'a trial' } as const
    const { confirm } = await preview(act)
    await perform({ ...act, hours: 2 })
    const late = await post('', { act, confirm })
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('has changed since')])
    expect((await post('', { act: { ...act, hours: 3 }, confirm })).status).toBe(409)
    expect(await readSilences(lake.platform.store)).toMatchObject([
      { by: 'ann b', why: 'a trial', until: NOW + 7200 },
    ])
  })

  it('that the gate forbids says so before, and is not done', async () => {
    const act = {
      action: 'promote',
      target: 'bikes',
      strategy: { type: 'canary', canary_percent: 10, wait_seconds: 60 },
      why: "it's better",
    } as const
    const seen = await preview(act)
    expect(seen.refused).toMatch(/gate of bikeshare-staging is shut: PR-AUC-24h/)
    expect(seen.changes[0]).toMatch(/^bikeshare-prod: \S+1{8} → \S+2{8}, 10 % first/)
    expect(seen.command).toBe(
      "bikeshare promote --city demo --target bikes --strategy canary --canary-percent 10 --interval 60s --why 'it'\\''s better' --by 'ann b'",
    )
    expect((await post('', { act, confirm: seen.confirm })).status).toBe(409)
    expect(await listReleases(lake.platform.store)).toEqual([])
  })

  it('waives, notes and closes by the name of the token', async () => {
    const { store } = lake.platform
    await perform({
      action: 'waive',
      endpoint: 'bikeshare-staging',
      metric: 'PSI',
      hours: 24,
      why: 'a new district',
    })
    expect(await listWaivers(store)).toMatchObject([{ by: 'ann b', until: NOW + 86_400 }])
    expect(
      (await preview({ action: 'waive', endpoint: 'no-such', metric: 'PSI', hours: 1, why: 'x' })).refused,
    ).toMatch(/no endpoint/)
    const { id } = await openIncident(lake.platform, {
      city: 'demo',
      endpoint: 'bikeshare-prod',
      kind: 'by-hand',
      title: 'riders call',
      why: '',
      by: 'test',
      now: NOW,
    })
    await perform({ action: 'incident-note', id, text: 'the feed was fine' })
    await perform({ action: 'incident-close', id, cause: 'a marathon' })
    expect((await findIncident(store, id))?.incident).toMatchObject({
      notes: [{ by: 'ann b', text: 'the feed was fine' }],
      closed: { by: 'ann b', cause: 'a marathon' },
    })
    expect((await preview({ action: 'incident-close', id, cause: 'another' })).refused).toMatch(
      /ann b closed it/,
    )
    expect((await post('/preview', { action: 'incident-note', id: '../x', text: 'y' })).status).toBe(404)
  })

  it('rolls back, and goes on until what served before serves again, with nobody else to do it', async () => {
    const { store } = lake.platform
    expect((await preview({ action: 'rollback', target: 'bikes', why: 'x' })).refused).toMatch(
      /served nothing before/,
    )
    const before = await readDeployment(store, 'bikeshare-prod')
    const next = await registerStump(store, { target: 'bikes', digit: '3', scores: { low: 0.1, high: 0.8 } })
    await deployModel(lake.platform, {
      endpoint: 'bikeshare-prod',
      city: 'demo',
      target: 'bikes',
      ...next,
      by: 'test',
      now: NOW,
    })
    await perform({ action: 'rollback', target: 'bikes', why: 'onsets are missed' })
    await until(async () => (await activeRelease(store)) === undefined)
    expect((await readDeployment(store, 'bikeshare-prod'))?.variants[0]?.model_version).toBe(
      before?.variants[0]?.model_version,
    )
    expect((await readHistory(store)).at(-1)).toMatchObject({
      action: 'rollback',
      by: 'ann b',
      why: 'onsets are missed',
    })
  })

  it('sends an A/B on to its next step before its time, and takes it back', async () => {
    const { store } = lake.platform
    expect((await preview({ action: 'ramp', why: 'x' })).refused).toBe('no release is under way')
    const deployment = await readDeployment(store, 'bikeshare-prod')
    if (!deployment) throw new Error('nothing serves')
    const group = deployment.variants[0]?.group ?? ''
    const version = '20240513T235500Z-22222222'
    const release = newRelease('promote', {
      city: 'demo',
      by: 'test',
      why: '',
      alarms: [],
      now: NOW,
      strategy: { type: 'ab', ramp: [10, 50, 100], bake_seconds: 3600, max_wait_seconds: 86_400 },
      endpoints: [
        {
          endpoint: 'bikeshare-prod',
          target: 'bikes',
          from: { endpoint_config: deployment.endpoint_config, variants: deployment.variants },
          candidate: { group, model_version: version, model_name: `${group}-${version}`, threshold: 0.5 },
          existing_config: null,
          instance_type: 'ml.m5.large',
          capture_percent: 0,
          changed_before: null,
          called: false,
        },
      ],
    })
    await beginRelease(store, release)
    // Another server begins, as after a kill: it goes on with what is under way.
    const other = await serveLakes([lake])
    const phase = async (): Promise<string> => {
      const active = (await activeRelease(store))?.release
      return `${active?.phase} ${active?.step}`
    }
    await until(async () => (await phase()) === 'baking 0')
    const seen = await preview({ action: 'ramp', why: 'all is well' })
    expect(seen.changes).toEqual([
      `bikeshare-prod: ${version} gets 50 % of the traffic now, before its watch says so`,
    ])
    await perform({ action: 'ramp', why: 'all is well' })
    await until(async () => (await phase()) === 'baking 1')
    expect((await readDeployment(store, 'bikeshare-prod'))?.variants.map(({ weight }) => weight)).toEqual([
      50, 50,
    ])
    expect(
      (
        await preview({
          action: 'promote',
          target: 'bikes',
          strategy: { type: 'all-at-once', wait_seconds: 0 },
          why: 'x',
        })
      ).refused,
    ).toMatch(/is under way/)
    await perform({ action: 'rollback', target: 'both', why: 'enough' })
    await until(async () => (await activeRelease(store)) === undefined)
    expect((await listReleases(store)).at(-1)).toMatchObject({
      phase: 'rolled_back',
      reason: 'taken back by ann b: enough',
    })
    await other.close()
  })
})

describe('a command to paste', () => {
  it('quotes what a shell would take apart', () => {
    expect(shellLine(['a', 'b c', '$(rm -rf)', "it's", '', 'x;y', '--ok=1'])).toBe(
      "a 'b c' '$(rm -rf)' 'it'\\''s' '' 'x;y' --ok=1",
    )
  })
})
