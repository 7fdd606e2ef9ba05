import * as fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ALARM,
  openReleaseLab,
  PROD,
  STRATEGIES,
  WAIT,
  type ReleaseLab,
} from '../../../test/support/release-lab.ts'
import { CITY } from '../../../test/support/serving-platform.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { Strategy } from '../../core/contracts/release.ts'
import { readAliases } from '../../model/registry/registry.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import { readHistory, servedAt, verifyHistory } from '../../model/serving/history.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import type { OpenRelease } from '../../../test/support/release-lab.ts'
import { activeRelease, beginRelease } from './release-store.ts'
import { beginRollback } from './rollback.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

describe('a release', () => {
  let lab: ReleaseLab
  let platform: OpenRelease
  beforeEach(async () => {
    lab = await openReleaseLab(scorer)
    platform = lab.open()
  })
  afterEach(async () => {
    await platform.close()
    await lab.serving.close()
  })
  const begin = async (strategy: Strategy): Promise<void> => {
    await beginRelease(lab.serving.store, await lab.releaseOf(strategy))
  }

  it.each(Object.entries(STRATEGIES))(
    '%s: the candidate serves alone at the end, under its alias, with what served before to go back to',
    async (_, strategy) => {
      const { store } = lab.serving
      const before = await readDeployment(store, PROD)
      await begin(strategy)
      expect((await lab.run(platform))?.phase).toBe('done')
      expect(await lab.score()).toBe('0.80')
      const after = await readDeployment(store, PROD)
      expect(after?.variants).toMatchObject([
        { variant: 'AllTraffic', model_version: lab.second.version, weight: 1 },
      ])
      expect(after?.previous?.endpoint_config).toBe(before?.endpoint_config)
      expect(after?.next).toBeUndefined()
      expect((await readAliases(store, lab.second.group))['production']).toBe(lab.second.version)
      expect(await verifyHistory(store)).toEqual([])
      expect(await activeRelease(store)).toBeUndefined()
    },
  )

  it('of an A/B gives the candidate its share step by step, and records each', async () => {
    await begin(STRATEGIES['A/B'])
    await lab.run(platform)
    const shares = (await readHistory(lab.serving.store)).map(({ to }) =>
      to?.variants.map(({ weight }) => weight),
    )
    expect(shares).toEqual([[1], [90, 10], [50, 50], [1]])
  })

  it.each(['A/B', 'shadow'] as const)('of %s that is taken back leaves what served', async (name) => {
    const { store } = lab.serving
    const before = await readDeployment(store, PROD)
    await begin(STRATEGIES[name])
    await lab.run(platform, WAIT)
    const ended = await lab.run(platform, { verdict: 'rollback', reasons: ['it is worse'] })
    expect(ended).toMatchObject({ phase: 'rolled_back', reason: 'it is worse' })
    expect(await lab.score()).toBe('0.90')
    const after = await readDeployment(store, PROD)
    expect([after?.endpoint_config, after?.variants]).toEqual([before?.endpoint_config, before?.variants])
    expect(servedAt(await readHistory(store), PROD, lab.now + 9)?.endpoint_config).toBe(
      before?.endpoint_config,
    )
    expect(await verifyHistory(store)).toEqual([])
  })

  it('of a model that does not load goes back, though the endpoint says InService', async () => {
    const { group, version } = lab.second
    await lab.serving.store.put(`models/${group}/${version}/model.tar.gz`, 'torn')
    await begin(STRATEGIES['all at once'])
    const ended = await lab.run(platform)
    expect(ended?.phase).toBe('rolled_back')
    expect(ended?.reason).toContain('went back')
    expect(await lab.score()).toBe('0.90')
  })

  it('of a canary: an alarm takes it back, and the release says that it went back by itself', async () => {
    await begin(STRATEGIES.canary)
    await lab.shifting(platform)
    await platform.alarms.setAlarmState({
      AlarmName: ALARM.AlarmName,
      StateValue: 'ALARM',
      StateReason: 'a test',
      now: lab.now,
    })
    const ended = await lab.run(platform)
    expect(ended?.phase).toBe('rolled_back')
    expect(ended?.reason).toContain('by itself, and says InService')
    expect(await lab.score()).toBe('0.90')
  })

  it('and its rollback leave what serves as it was, whatever the strategies and however often', async () => {
    const { store } = lab.serving
    const served = async (): Promise<unknown> => {
      const deployment = await readDeployment(store, PROD)
      return [deployment?.endpoint_config, deployment?.variants, deployment?.next, deployment?.shadow]
    }
    const before = await served()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.values(STRATEGIES)), { minLength: 1, maxLength: 2 }),
        async (strategies) => {
          for (const strategy of strategies) {
            lab.now += 60
            await beginRelease(store, await lab.releaseOf(strategy, `r${lab.now}`))
            expect((await lab.run(platform))?.phase).toBe('done')
            expect(await lab.score()).toBe('0.80')
            lab.now += 60
            await beginRollback(lab.serving, {
              city: CITY,
              endpoint: PROD,
              targets: ['bikes'],
              instanceType: 'ml.m5.large',
              capturePercent: 0,
              by: 'ann',
              why: 'a test',
              now: lab.now,
            })
            expect((await lab.run(platform))?.phase).toBe('done')
          }
          expect(await served()).toEqual(before)
          expect(await lab.score()).toBe('0.90')
          expect(await verifyHistory(store)).toEqual([])
        },
      ),
      { numRuns: 6 },
    )
  })

  it('goes back to no version that is damaged, and names those that remain', async () => {
    const { group, version } = lab.second
    await begin(STRATEGIES['all at once'])
    await lab.run(platform)
    await lab.serving.store.put(`models/${group}/${lab.first.version}/model.tar.gz`, 'torn')
    const back = { city: CITY, endpoint: PROD, targets: ['bikes'], by: 'ann', why: '', now: lab.now } as const
    const settings = { instanceType: 'ml.m5.large', capturePercent: 0 }
    await expect(beginRollback(lab.serving, { ...back, ...settings })).rejects.toThrow(
      expect.objectContaining({ code: 'CHECK_FAILED', hint: 'No other version remains: train one.' }),
    )
    await expect(beginRollback(lab.serving, { ...back, ...settings, to: 'nothing' })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: expect.stringContaining(version) }),
    )
    expect(await lab.score()).toBe('0.80')
  })

  it('of two at once one wins, and the other is told whose', async () => {
    const release = await lab.releaseOf(STRATEGIES['all at once'])
    const begun = await Promise.allSettled([
      beginRelease(lab.serving.store, release),
      beginRelease(lab.serving.store, { ...release, id: 'r2', by: 'bob' }),
    ])
    expect(begun.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = begun.find((result) => result.status === 'rejected')
    expect(String(lost?.reason)).toContain('is under way')
  })
})
