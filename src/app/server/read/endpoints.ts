import type { Stage } from '../../../core/contracts/api/common.ts'
import { deploymentSchema, type Deployment } from '../../../core/contracts/deployment.ts'
import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import type { HistoryEntry, Served } from '../../../core/contracts/history.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { readHistory, servedAt, verifyHistory } from '../../../model/serving/history.ts'
import type { CitySource } from '../city-source.ts'
import { newestBatch, predictingEndpoints } from './batches.ts'
import { listed, tokenOf } from './listing.ts'
import { cacheOf, kept } from './read-cache.ts'

/** An endpoint of the city, by its name. */
export interface NamedEndpoint {
  readonly endpoint: string
  readonly stage: Stage
  readonly target: Target
}

/** Stage and target, by an endpoint's name; undefined for one that is named otherwise. */
export function namedEndpoint(endpoint: string): NamedEndpoint | undefined {
  const match = /-(staging|prod)(-docks)?$/.exec(endpoint)
  if (!match) return undefined
  return {
    endpoint,
    stage: match[1] === 'prod' ? 'prod' : 'staging',
    target: match[2] === undefined ? 'bikes' : 'docks',
  }
}

/** What was changed of what serves: the history as far as it can be read, and what is wrong with it. */
export interface ServingHistory {
  readonly entries: readonly HistoryEntry[]
  readonly problems: readonly string[]
}

/** The whole history of the lake. A damaged line leaves the lines before it unread, and is named as a problem. */
export async function servingHistory(source: CitySource): Promise<ServingHistory> {
  const { store } = source.platform
  const token = tokenOf(await listed(store, 'history/'))
  return kept(cacheOf(source).lists, 'history', token, async () => {
    const problems = await verifyHistory(store)
    const entries =
      problems.length === 0 ? await readHistory(store) : await readHistory(store).catch(() => [])
    return { entries: entries.filter(({ city }) => city === source.info.city), problems }
  })
}

/** The deployment records of the city, by endpoint; a damaged one is left out. */
export async function deploymentsOf(source: CitySource): Promise<ReadonlyMap<string, Deployment>> {
  const { store } = source.platform
  const listing = await listed(store, 'deployments/')
  return kept(cacheOf(source).lists, 'deployments', tokenOf(listing), async () => {
    const found = new Map<string, Deployment>()
    for (const { key } of listing) {
      const deployment = parsed((await store.get(key))?.body)
      if (deployment?.city === source.info.city) found.set(deployment.endpoint, deployment)
    }
    return found
  })
}

function parsed(body: Uint8Array | undefined): Deployment | undefined {
  try {
    return deploymentSchema.safeParse(JSON.parse(new TextDecoder().decode(body))).data
  } catch {
    return undefined
  }
}

/** Every endpoint that the city ever had, by stage, then target. */
export async function cityEndpoints(source: CitySource): Promise<NamedEndpoint[]> {
  const names = new Set([
    ...(await servingHistory(source)).entries.map(({ endpoint }) => endpoint),
    ...(await deploymentsOf(source)).keys(),
    ...(await predictingEndpoints(source)),
  ])
  const order = ({ stage, target }: NamedEndpoint): number =>
    (stage === 'prod' ? 0 : 2) + TARGETS.indexOf(target)
  return [...names]
    .flatMap((name) => namedEndpoint(name) ?? [])
    .sort((a, b) => order(a) - order(b) || (a.endpoint < b.endpoint ? -1 : 1))
}

/** What an endpoint serves at `at`; null when it was not there, undefined when nothing tells. */
export async function servedBy(
  source: CitySource,
  endpoint: string,
  at: EpochSeconds,
): Promise<Served | null | undefined> {
  const served = servedAt((await servingHistory(source)).entries, endpoint, at)
  if (served !== undefined) return served
  const deployment = (await deploymentsOf(source)).get(endpoint)
  if (!deployment || deployment.updated_at > at) return undefined
  return { endpoint_config: deployment.endpoint_config, variants: deployment.variants }
}

/** The endpoint of a stage and target that was there at `at`, or had predicted by then; undefined without one. */
export async function endpointAt(
  source: CitySource,
  o: { readonly at: EpochSeconds; readonly stage: Stage; readonly target: Target },
): Promise<string | undefined> {
  const candidates = (await cityEndpoints(source)).filter(
    ({ stage, target }) => stage === o.stage && target === o.target,
  )
  for (const { endpoint } of candidates) if (await servedBy(source, endpoint, o.at)) return endpoint
  for (const { endpoint } of candidates) if (await newestBatch(source, endpoint, o.at)) return endpoint
  return undefined
}
