import { createContext, useContext, useMemo } from 'react'
import { useViewState } from '../state/view-state.ts'
import { formatOf, type Format } from './format.ts'

/** Time zone of the city that is shown; UTC before one is known. */
export const ZoneContext = createContext('UTC')

/** Figures and times as the reader writes them, in the zone of the city that is shown. */
export function useFormat(): Format {
  const [{ lang }] = useViewState()
  const zone = useContext(ZoneContext)
  return useMemo(() => formatOf(lang, zone), [lang, zone])
}
