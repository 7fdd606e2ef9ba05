import type { Releases } from '../../../core/contracts/api/releases.ts'
import { STAGES } from '../../../core/contracts/api/common.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { listWaivers } from '../../../operations/release/gate/waivers.ts'
import { hasEnded } from '../../../operations/release/release-store.ts'
import type { CitySource } from '../city-source.ts'
import { analysisOf } from './analysis.ts'
import { asOf, momentOf } from './as-of.ts'
import { cityEndpoints, servedBy, servingHistory } from './endpoints.ts'
import { incidentsAt, releasesAt } from './releases-at.ts'
import { forRequest } from './request.ts'

/** Releases and lines of the history that are listed, at most. */
const MOST_RELEASES = 50
const MOST_HISTORY = 500

/** What serves at a moment, how it came about, and what is being changed. */
export async function readReleases(
  given: CitySource,
  o: { readonly at?: EpochSeconds | undefined } = {},
): Promise<Releases> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const { entries, problems } = await servingHistory(source)
  const history = entries.filter((entry) => entry.at <= at)
  const releases = await releasesAt(source, at)
  const active = releases.find((release) => !hasEnded(release)) ?? null
  const serving = await servingAt(source, at)
  const waivers = await listWaivers(source.platform.store)
  return {
    as_of: await asOf(
      source,
      at,
      serving.map(({ endpoint }) => endpoint),
    ),
    serving,
    active,
    analysis: active ? await analysisOf(source, active, at) : [],
    recent: releases.toReversed().slice(0, MOST_RELEASES),
    history: history.toReversed().slice(0, MOST_HISTORY),
    history_broken: problems.length === 0 ? null : problems.join('; '),
    incidents: await incidentsAt(source, at),
    waivers: waivers.filter(({ from }) => from <= at).toReversed(),
  }
}

/** Every endpoint that was there by `at`, staging first as a model comes to it, and what it served. */
async function servingAt(source: CitySource, at: EpochSeconds): Promise<Releases['serving']> {
  const { entries } = await servingHistory(source)
  const found: Releases['serving'] = []
  for (const named of await cityEndpoints(source)) {
    const last = entries.findLast((entry) => entry.endpoint === named.endpoint && entry.at <= at)
    const serves = (await servedBy(source, named.endpoint, at)) ?? null
    if (!last && !serves) continue
    found.push({ ...named, serves, since: last?.at ?? null, by: last?.by ?? null })
  }
  return found.sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage))
}
