import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFeatureDays } from '../../../../test/support/feature-days.ts'
import { openTrainingPlatform, type TrainingPlatform } from '../../../../test/support/training-platform.ts'
import type { Manifest } from '../../../core/contracts/manifest.ts'
import { qualityBaselineKey } from '../../../core/keys.ts'
import { silentReporter } from '../../../core/report.ts'
import { DAY_SECONDS, parseTime } from '../../../core/time.ts'
import { evaluateModel } from '../../../model/training/evaluate-model.ts'
import { trainModel } from '../../../model/training/train.ts'
import { ensureQualityBaseline, readQualityBaseline } from './quality-baseline.ts'

const FROM = parseTime('2024-05-06T00:00:00Z')
const DAYS = 16

describe('the baseline of a model’s quality', () => {
  let platform: TrainingPlatform
  let manifest: Manifest
  const train = async (days: number): Promise<Manifest> => {
    const until = FROM + days * DAY_SECONDS
    const params = { num_round: 5, max_depth: 3, eta: 0.3 }
    const options = {
      city: 'demo',
      target: 'bikes',
      until,
      params,
      now: until,
      report: silentReporter,
    } as const
    return (await trainModel(platform, options)).manifest
  }
  const ensure = (of: Manifest) =>
    ensureQualityBaseline(platform, { city: 'demo', target: 'bikes', group: of.group, version: of.version })

  beforeAll(async () => {
    platform = await openTrainingPlatform()
    await writeFeatureDays(platform.warehouse, { city: 'demo', from: FROM, days: DAYS, stations: 9, seed: 7 })
    manifest = await train(DAYS)
  })
  afterAll(() => platform.close())

  it('has the figures of each whole held-out day, and bounds below their mean', async () => {
    const baseline = await ensure(manifest)
    expect(baseline.days).toHaveLength(3)
    const last = baseline.days.at(-1)
    expect(last?.until).toBe(manifest.training.until + 600)
    expect(baseline.days[0]?.from).toBeGreaterThanOrEqual(manifest.training.validation_from)
    const { group, version } = manifest
    const day = { group, version, from: last?.from ?? 0, until: last?.until ?? 0 }
    const { rows, positives, pr_auc, f1 } = await evaluateModel(platform, day)
    expect(last).toMatchObject({ rows, positives, pr_auc, f1 })
    expect(baseline.pr_auc_floor).toBeLessThanOrEqual((baseline.pr_auc?.mean ?? 0) - 0.05)
    expect(baseline.f1_floor).toBeLessThanOrEqual((baseline.f1?.mean ?? 0) - 0.05)
  })

  it('is made once', async () => {
    const key = qualityBaselineKey(manifest.group, manifest.version)
    const made = await ensure(manifest)
    const before = await platform.store.get(key)
    expect(await ensure(manifest)).toEqual(made)
    expect(await platform.store.get(key)).toEqual(before)
  })

  it('has no bound where the held-out days are too few to say', async () => {
    const baseline = await ensure(await train(5))
    expect(baseline).toMatchObject({ pr_auc: null, f1: null, pr_auc_floor: null, f1_floor: null })
  })

  it('is refused for another target, and when its file is damaged', async () => {
    const { group, version } = manifest
    const other = { city: 'demo', target: 'docks', group, version } as const
    const key = qualityBaselineKey(group, version)
    await platform.store.put(key, '{}')
    await expect(readQualityBaseline(platform.store, group, version)).rejects.toMatchObject({
      code: 'CORRUPT',
    })
    await platform.store.delete(key)
    await expect(ensureQualityBaseline(platform, other)).rejects.toMatchObject({ code: 'MISMATCH' })
  })
})
