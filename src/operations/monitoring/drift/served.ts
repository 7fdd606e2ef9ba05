import type { Target } from '../../../core/contracts/features.ts'
import { loadSql } from '../../../core/sql.ts'
import { DAY_SECONDS, dsOf, type EpochSeconds } from '../../../core/time.ts'
import { modelGroup } from '../../../model/registry/registry.ts'
import { readDeployment } from '../../../model/serving/deployments.ts'
import type { ObjectStore, Platform } from '../../../platform/ports.ts'

const VERSIONS_SQL = loadSql(import.meta.url, './served-versions.sql')

/** An endpoint and the model whose training rows its requests are compared with. */
export interface Served {
  readonly endpoint: string
  readonly target: Target
  readonly group: string
  readonly version: string
}

/**
 * The endpoints of a city in the 24 hours before `at`, each with the model that predicted last (of several at once, the one
 * that predicted most); one that predicted nothing, with the model of its deployment record that has the greatest weight.
 */
export async function servedModels(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  at: EpochSeconds,
): Promise<Served[]> {
  const from = at - DAY_SECONDS
  const rows = await platform.warehouse.rows<{ endpoint: string; target: Target; model_version: string }>({
    name: 'served-versions',
    sql: VERSIONS_SQL,
    tables: { predictions: { dataset: 'predictions', city, dsFrom: dsOf(from), dsTo: dsOf(at - 1) } },
    params: { from, until: at },
  })
  const served = new Map<string, Served>()
  for (const { endpoint, target, model_version } of rows)
    served.set(endpoint, { endpoint, target, group: modelGroup(city, target), version: model_version })
  for (const endpoint of await endpointsOf(platform.store, city)) {
    if (served.has(endpoint)) continue
    const deployment = await readDeployment(platform.store, endpoint)
    const variant = deployment?.variants.toSorted((a, b) => b.weight - a.weight)[0]
    if (deployment && variant)
      served.set(endpoint, {
        endpoint,
        target: deployment.target,
        group: variant.group,
        version: variant.model_version,
      })
  }
  return [...served.values()].sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1))
}

/** Names of the endpoints that serve a city, by their deployment records, in order. */
export async function endpointsOf(store: ObjectStore, city: string): Promise<string[]> {
  const names: string[] = []
  for await (const { key } of store.list('deployments/')) {
    const name = /^deployments\/([^/]+)\.json$/.exec(key)?.[1]
    if (name !== undefined && (await readDeployment(store, name))?.city === city) names.push(name)
  }
  return names
}
