import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  openReleaseLab,
  STRATEGIES,
  type OpenRelease,
  type ReleaseLab,
} from '../../../test/support/release-lab.ts'
import { libraryPath } from '../../../test/support/stump-model.ts'
import type { Strategy } from '../../core/contracts/release.ts'
import { openScorer } from '../../platform/engines/xgboost/scorer.ts'
import type { MirroredVersion, ModelPackages } from '../../platform/ports.ts'
import { mirrorPackages } from './mirror-packages.ts'
import { beginRelease } from './release-store.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

describe('the cloud’s model registry', () => {
  let lab: ReleaseLab
  let opened: OpenRelease
  let put: Map<string, MirroredVersion>
  let fails: boolean
  const packages: ModelPackages = {
    async put(version) {
      if (fails) throw new Error('throttled')
      put.set(version.version, version)
      return true
    },
  }
  beforeEach(async () => {
    lab = await openReleaseLab(scorer)
    opened = lab.open()
    put = new Map()
    fails = false
  })
  afterEach(async () => {
    await opened.close()
    await lab.serving.close()
  })
  const release = async (strategy: Strategy, verdict: 'go' | 'rollback') => {
    await beginRelease(lab.serving.store, await lab.releaseOf(strategy))
    return lab.run({ ...opened, packages }, { verdict, reasons: ['a test'] })
  }
  const approved = (): unknown =>
    Object.fromEntries([...put].map(([version, one]) => [version, one.approved]))

  it('has a version that is registered, with what it is, and not yet approved', async () => {
    const { group, version } = lab.second
    await mirrorPackages({ store: lab.serving.store, packages }, [lab.second], {
      warn: (message) => expect.fail(message),
    })
    expect(put.get(version)).toMatchObject({
      group,
      archiveKey: `models/${group}/${version}/model.tar.gz`,
      approved: false,
      properties: { target: 'bikes', feature_contract: 'v1', threshold: expect.stringMatching(/^0\.\d+$/) },
    })
  })

  it('approves what a release brought into production, and what was there before', async () => {
    expect((await release(STRATEGIES['A/B'], 'go'))?.phase).toBe('done')
    expect(approved()).toEqual({ [lab.first.version]: true, [lab.second.version]: true })
  })

  it('does not approve a candidate that was taken back', async () => {
    expect((await release(STRATEGIES['A/B'], 'rollback'))?.phase).toBe('rolled_back')
    expect(approved()).toEqual({ [lab.first.version]: true, [lab.second.version]: false })
  })

  it('that does not answer holds up no release, is told of once, and is put right by the next call', async () => {
    fails = true
    expect((await release(STRATEGIES['all at once'], 'go'))?.phase).toBe('done')
    const told: string[] = []
    const mirror = (): Promise<void> =>
      mirrorPackages({ store: lab.serving.store, packages }, [lab.first, lab.second], {
        warn: (message) => told.push(message),
      })
    await mirror()
    expect(told).toEqual([expect.stringContaining('throttled')])
    fails = false
    await mirror()
    expect(told).toHaveLength(1)
    expect(approved()).toEqual({ [lab.first.version]: true, [lab.second.version]: true })
  })
})
