import { deploymentKey } from '../../../core/keys.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'
import type { CitySource } from '../city-source.ts'
import { deploymentsOf, servedBy, servingHistory } from './endpoints.ts'

const HISTORY = 'history/'

/**
 * The store as it was at `at`, for those who ask what serves: the history ends there, and the deployment records say what
 * served then. Everything else is as it is; it is dated, and whoever reads it goes by the date.
 */
export async function asItWas(source: CitySource, at: EpochSeconds): Promise<ObjectStore> {
  const { store } = source.platform
  const later = new Set(
    (await servingHistory(source)).entries.filter((entry) => entry.at > at).map(({ seq }) => seq),
  )
  if (later.size === 0) return store
  const deployments = new Map<string, string>()
  for (const [endpoint, deployment] of await deploymentsOf(source)) {
    const served = await servedBy(source, endpoint, at)
    if (served) deployments.set(deploymentKey(endpoint), JSON.stringify({ ...deployment, ...served }))
  }
  return {
    ...store,
    async *list(prefix) {
      for await (const summary of store.list(prefix)) {
        const seq = Number(/^history\/(\d+)\.json$/.exec(summary.key)?.[1] ?? Number.NaN)
        if (!summary.key.startsWith(HISTORY) || !later.has(seq)) yield summary
      }
    },
    async get(key) {
      const object = await store.get(key)
      const was = deployments.get(key)
      return object && was !== undefined ? { ...object, body: new TextEncoder().encode(was) } : object
    },
  }
}
