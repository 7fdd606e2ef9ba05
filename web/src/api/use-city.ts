import { useMemo } from 'react'
import type { CitySummary } from '../../../src/core/contracts/api/session.ts'
import { useViewState } from '../state/view-state.ts'
import { useApi, type ApiResult } from './queries.ts'

const NONE = {} as const

/** The city that the address names, or the server's first; undefined while it is not known, null when there is none. */
export function useCity(): CitySummary | null | undefined {
  const [{ city }] = useViewState()
  const { data } = useApi('cities', NONE, NONE)
  return useMemo(() => {
    if (data === undefined) return undefined
    return (city === null ? data.cities[0] : data.cities.find(({ name }) => name === city)) ?? null
  }, [data, city])
}

/** Parameters of a question about the shown city; null (asks nothing) while it is not known. */
export function useCityParams(): { readonly city: string } | null {
  const name = useCity()?.name
  return useMemo(() => (name === undefined ? null : { city: name }), [name])
}

/** Who is asking, and of what kind of server. */
export function useSession(): ApiResult<'session'> {
  return useApi('session', NONE, NONE)
}
