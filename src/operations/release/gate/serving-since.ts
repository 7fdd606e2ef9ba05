import type { HistoryEntry, Served } from '../../../core/contracts/history.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import { readHistory } from '../../../model/serving/history.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

/** As `servingSince`; of an endpoint that was deployed before there was a history, since its record was written. */
export async function readServingSince(
  store: ObjectStore,
  endpoint: string,
): Promise<{ version: string; since: EpochSeconds } | null> {
  const entries = await readHistory(store)
  if (entries.some((entry) => entry.endpoint === endpoint)) return servingSince(entries, endpoint)
  const deployment = await readDeployment(store, endpoint)
  const version = onlyVersion(deployment ?? null)
  return deployment && version !== null ? { version, since: deployment.updated_at } : null
}

/**
 * Since when an endpoint serves the model version that it serves now, whatever else of it changed meanwhile (weights, the
 * share that is captured). Null when it serves none, or more than one: then its metrics are of no single version.
 */
export function servingSince(
  entries: readonly HistoryEntry[],
  endpoint: string,
): { version: string; since: EpochSeconds } | null {
  const own = entries.filter((entry) => entry.endpoint === endpoint)
  const version = onlyVersion(own.at(-1)?.to ?? null)
  if (version === null) return null
  const other = own.findLastIndex((entry) => onlyVersion(entry.to) !== version)
  const since = own[other + 1]?.at
  return since === undefined ? null : { version, since }
}

function onlyVersion(served: Pick<Served, 'variants'> | null): string | null {
  const versions = new Set(served?.variants.filter((v) => v.weight > 0).map((v) => v.model_version))
  const [only] = versions
  return versions.size === 1 && only !== undefined ? only : null
}
