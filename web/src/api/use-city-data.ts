import { useViewState } from '../state/view-state.ts'
import { useApi, type ApiResult } from './queries.ts'
import { useCityParams } from './use-city.ts'

/** State of the city's stations at the moment that is shown. */
export function useCityState(): ApiResult<'state'> {
  const [{ at, stage }] = useViewState()
  return useApi('state', useCityParams(), { at, stage })
}
