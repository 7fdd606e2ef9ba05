import type { ReactElement } from 'react'
import { useApi } from '../api/queries.ts'
import { useCity } from '../api/use-city.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'

const NONE = {} as const

/** Switches between the server's cities; the city's name alone when there is but one. */
export function CitySwitch(): ReactElement | null {
  const t = useText(shellTexts)
  const [, patch] = useViewState()
  const { data } = useApi('cities', NONE, NONE)
  const city = useCity()
  if (data === undefined || data.cities.length === 0) return null
  if (data.cities.length === 1 && city !== null)
    return <bdi className="header-city">{data.cities[0]?.name}</bdi>
  return (
    <select
      className="select"
      aria-label={t('city')}
      value={city?.name ?? ''}
      onChange={(event) => {
        // A moment, a station, a plan are those of one city.
        patch({ city: event.target.value, at: null, station: null, incident: null, plan: null, search: '' })
      }}
    >
      {city === null && <option value="">–</option>}
      {data.cities.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
