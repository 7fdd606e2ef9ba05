import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { State, Stations } from '../../../src/core/contracts/api/city.ts'
import { useViewState } from '../state/view-state.ts'
import { useApi, type ApiResult } from './queries.ts'
import { useCityParams } from './use-city.ts'

/** Stations and their state, of one version: an index means the same station in both. */
export interface CitySnapshot {
  readonly stations: Stations
  readonly state: State
}

const MOST_KEPT = 6
/** Versions of the stations by `city version`: the past asks for its own only when it is another. */
const kept = new Map<string, Stations>()

function keep(city: string, stations: Stations): void {
  const key = `${city} ${stations.version}`
  kept.delete(key)
  kept.set(key, stations)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}

/**
 * The city at the moment that is shown. While a next moment loads, the one before stays; a pair of unlike versions is never
 * given out.
 */
export function useCitySnapshot(): {
  readonly snapshot: CitySnapshot | undefined
  readonly query: ApiResult<'state'>
} {
  const [{ at, stage }] = useViewState()
  const params = useCityParams()
  const client = useQueryClient()
  const city = params?.city ?? ''
  const query = useApi('state', params, { at, stage })
  const state = query.data
  const known = state === undefined ? undefined : kept.get(`${city} ${state.version}`)
  const asked = useApi('stations', known === undefined ? params : null, { at })
  const answered = asked.isPlaceholderData ? undefined : asked.data
  useEffect(() => {
    if (answered !== undefined) keep(city, answered)
  }, [city, answered])
  const stations = known ?? asked.data
  const fits = state !== undefined && stations !== undefined && state.version === stations.version
  // Of two answers, one may be of before a change of the stations: ask again for them.
  const differs =
    state !== undefined && stations !== undefined && !fits && !query.isFetching && !asked.isFetching
  useEffect(() => {
    if (differs) void client.invalidateQueries({ queryKey: ['stations'] })
  }, [differs, client])
  const pair = useMemo(() => (fits ? { stations, state } : undefined), [fits, stations, state])
  const key = `${city} ${stage}`
  const [last, setLast] = useState<{ readonly key: string; readonly pair: CitySnapshot }>()
  if (pair !== undefined && (last?.pair !== pair || last.key !== key)) setLast({ key, pair })
  return { snapshot: pair ?? (last?.key === key ? last.pair : undefined), query }
}
