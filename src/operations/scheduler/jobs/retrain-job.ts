import { TARGETS } from '../../../core/contracts/features.ts'
import type { Manifest } from '../../../core/contracts/manifest.ts'
import { isOperatorError } from '../../../core/errors.ts'
import { buildFeatures } from '../../../data/features/build.ts'
import { trainModel } from '../../../model/training/train.ts'
import { mirrorPackages } from '../../release/mirror-packages.ts'
import { startStagingFor } from '../../staging/start-endpoint.ts'
import type { JobResult, LakeRun } from '../job.ts'

/** Who deployed, in the records. */
const BY = 'scheduler'

/**
 * Trains a candidate for each target on what came in before the nominal time and puts both on staging; production is never
 * touched. When one is refused none is deployed.
 */
export async function retrainJob(run: LakeRun): Promise<JobResult> {
  const { platform, city, info, at, now, report, signal } = run
  if (city.settings.run.retrain === 'never') return { outcome: 'done', note: 'switched off' }
  const zone = { city: city.name, timezone: info.timezone, country: info.country }
  await buildFeatures(platform, { ...zone, to: at, report, signal })
  const manifests: Manifest[] = []
  const refusals: string[] = []
  for (const target of TARGETS) {
    try {
      const params = city.settings.train
      // As of the nominal time: trained again after a kill it is the same candidate.
      const options = { city: city.name, target, until: at, params, now: at, report, signal }
      manifests.push((await trainModel(platform, options)).manifest)
    } catch (error) {
      if (!isOperatorError(error, 'CHECK_FAILED') && !isOperatorError(error, 'NOT_FOUND')) throw error
      refusals.push(error.message)
    }
  }
  await mirrorPackages(platform, manifests, report)
  if (refusals.length > 0) {
    const note = `nothing is deployed: ${refusals.join('; ')}`
    report.warn(`Retraining: ${note}`)
    return { outcome: 'refused', note }
  }
  const { serve } = city.settings
  for (const { target, group, version } of manifests) {
    const candidate = { stage: 'staging', city: city.name, target, group, version } as const
    await startStagingFor(platform, { ...candidate, serve, by: BY, now })
  }
  return { outcome: 'done', note: `candidates ${manifests.map(({ version }) => version).join(', ')}` }
}
