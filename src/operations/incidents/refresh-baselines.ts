import type { Refresh, Refreshed } from '../../core/contracts/incident.ts'
import type { Release, ReleaseEndpoint } from '../../core/contracts/release.ts'
import { ERROR_CODES, isOperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { driftBaselineKey, qualityBaselineKey } from '../../core/keys.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore, Platform } from '../../platform/ports.ts'
import { ensureDriftBaseline } from '../monitoring/drift/baseline.ts'
import { ensureQualityBaseline } from '../monitoring/quality/quality-baseline.ts'

/** What making baselines needs. */
export type BaselinePlatform = Pick<Platform, 'store' | 'warehouse' | 'scorer'>

/**
 * Makes the baselines of the models that serve again anew, from the lake as it is now: late data and features that were
 * built again count. A baseline is of a model, so that nothing of the rejected candidate is in it; what is refreshed is what
 * the endpoint is held to from now on. The file that is there stays until the new one replaces it, in one write, and when it
 * cannot be made.
 */
export async function refreshBaselines(
  platform: BaselinePlatform,
  release: Release,
  { timezone, now }: { readonly timezone: string; readonly now: EpochSeconds },
): Promise<Refresh> {
  const models: Refresh['models'] = []
  for (const endpoint of release.endpoints) {
    const model = servesAgain(release, endpoint)
    if (!model) continue
    const { group, model_version: version } = model
    const name = { city: release.city, target: endpoint.target, group, version }
    models.push({
      endpoint: endpoint.endpoint,
      target: endpoint.target,
      group,
      model_version: version,
      baselines: [
        await anew(platform, 'quality', qualityBaselineKey(group, version), (on) =>
          ensureQualityBaseline(on, name),
        ),
        await anew(platform, 'drift', driftBaselineKey(group, version), (on) =>
          ensureDriftBaseline(on, { ...name, timezone }),
        ),
      ],
    })
  }
  return { at: now, models }
}

/** The model that serves since a release was taken back, or since it rolled another one back; undefined when none does. */
function servesAgain(
  { kind, phase }: Release,
  { from, candidate }: ReleaseEndpoint,
): { readonly group: string; readonly model_version: string } | undefined {
  if (kind === 'rollback' && phase === 'done') return candidate
  return from?.variants.toSorted((a, b) => b.weight - a.weight)[0]
}

async function anew(
  platform: BaselinePlatform,
  baseline: Refreshed['baseline'],
  key: string,
  make: (platform: BaselinePlatform) => Promise<unknown>,
): Promise<Refreshed> {
  const old = await platform.store.get(key)
  const before = old ? sha256(old.body) : null
  const hidden = withoutFile(platform.store, key)
  try {
    await make({ ...platform, store: hidden.store })
  } catch (error) {
    // What may be there the next time is tried again then.
    if (!isOperatorError(error) || error.exitCode === ERROR_CODES.UNAVAILABLE) throw error
    return { baseline, key, before, after: before, problem: error.message }
  }
  const made = hidden.written()
  if (made === undefined) throw new Error(`${key} was not written`)
  const after = sha256(made)
  if (after !== before) await platform.store.put(key, made)
  return { baseline, key, before, after, problem: null }
}

/** The store as if one file were not there; what is written to it is kept aside. */
function withoutFile(
  store: ObjectStore,
  hidden: string,
): { readonly store: ObjectStore; readonly written: () => Uint8Array | undefined } {
  let written: Uint8Array | undefined
  return {
    written: () => written,
    store: {
      get: async (key) =>
        key === hidden ? written && { body: written, etag: sha256(written) } : store.get(key),
      put: async (key, body, options) => {
        if (key !== hidden) return store.put(key, body, options)
        written = typeof body === 'string' ? new TextEncoder().encode(body) : body
        return { etag: sha256(written) }
      },
      list: (prefix) => store.list(prefix),
      folders: (prefix) => store.folders(prefix),
      delete: (key) => store.delete(key),
    },
  }
}
