import type { HistoryEntry } from '../../core/contracts/history.ts'
import type { Manifest } from '../../core/contracts/manifest.ts'
import type { Release } from '../../core/contracts/release.ts'
import { messageOf } from '../../core/errors.ts'
import { modelPrefix } from '../../core/keys.ts'
import { isProd } from '../../core/names.ts'
import type { Reporter } from '../../core/report.ts'
import { ARCHIVE_FILE, readManifest } from '../../model/registry/registry.ts'
import { readHistory } from '../../model/serving/history.ts'
import type { Platform } from '../../platform/ports.ts'

/** A version of a group of models. */
export interface ModelVersion {
  readonly group: string
  readonly version: string
}

/**
 * Puts versions into the cloud's own model registry, where the platform has one: approved are those that serve, or served, in
 * production by the history. The lake's registry is the truth, so that a failure is a warning and no more: whatever is done with
 * the version next puts it again.
 */
export async function mirrorPackages(
  { store, packages }: Pick<Platform, 'store' | 'packages'>,
  versions: readonly ModelVersion[],
  report: Pick<Reporter, 'warn'>,
): Promise<void> {
  if (!packages) return
  for (const { group, version } of versions)
    try {
      const manifest = await readManifest(store, group, version)
      await packages.put({
        group,
        version,
        archiveKey: `${modelPrefix(group, version)}${ARCHIVE_FILE}`,
        approved: servedInProduction(await readHistory(store), { group, version }),
        properties: propertiesOf(manifest),
      })
    } catch (error) {
      report.warn(`${group} ${version} is not in the cloud's model registry yet: ${messageOf(error)}`)
      // One failure is told once, and waited for once.
      return
    }
}

/** What a release brings into production, and what it found there. */
export const versionsOf = ({ endpoints }: Release): ModelVersion[] =>
  endpoints.flatMap(({ candidate, from }) =>
    [candidate, ...(from?.variants ?? [])].map(({ group, model_version: version }) => ({ group, version })),
  )

/** True once it had an endpoint in production to itself: a candidate that lost an A/B is not approved by it. */
const servedInProduction = (history: readonly HistoryEntry[], { group, version }: ModelVersion): boolean =>
  history.some(
    ({ endpoint, to }) =>
      isProd(endpoint) &&
      to !== null &&
      to.variants.every((variant) => variant.group === group && variant.model_version === version),
  )

function propertiesOf(manifest: Manifest): Record<string, string> {
  const { city, target, feature_contract, library, rounds, threshold, metrics, model_sha256 } = manifest
  const { pr_auc, onset_pr_auc, persistence_onset_pr_auc, brier } = metrics.validation
  const figures = { pr_auc, onset_pr_auc, persistence_onset_pr_auc, brier }
  return {
    city,
    target,
    feature_contract,
    library: `${library.name} ${library.version}`,
    rounds: String(rounds),
    threshold: String(threshold),
    model_sha256,
    ...Object.fromEntries(
      Object.entries(figures).flatMap(([name, value]) =>
        value === null ? [] : [[`validation_${name}`, String(value)]],
      ),
    ),
  }
}
