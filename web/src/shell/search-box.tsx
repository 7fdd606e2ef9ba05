import { useId, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react'
import { useCitySnapshot } from '../api/use-city-snapshot.ts'
import { useViewState } from '../state/view-state.ts'
import { shellTexts } from '../text/shell.ts'
import { useText } from '../text/use-text.ts'
import { foldName, matchesName } from '../ui/match-name.ts'

const MOST = 8

interface Found {
  readonly id: string
  readonly name: string
}

/** Finds a station by name (a combobox): arrow keys choose, Enter opens it, Escape closes. It filters map and table as well. */
export function SearchBox(): ReactElement {
  const t = useText(shellTexts)
  const id = useId()
  const [{ search, tab }, patch] = useViewState()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState(0)
  const found = useFound(search, isOpen)
  const showsList = isOpen && search.trim() !== ''
  const open = (station: Found | undefined) => {
    if (station === undefined) return
    setOpen(false)
    patch({ station: station.id, search: '', tab: tab === 'stations' ? tab : 'city' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      if (search !== '') patch({ search: '' }, { replace: true })
      setOpen(false)
    } else if (event.key === 'Enter') open(found[chosen])
    else if (event.key === 'ArrowDown') setChosen(Math.max(0, Math.min(found.length - 1, chosen + 1)))
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, chosen - 1))
    else return
    event.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only hears the focus leave
    <div
      className="search"
      role="search"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
      }}
    >
      <input
        type="search"
        className="input"
        role="combobox"
        aria-label={t('search')}
        placeholder={t('search')}
        aria-expanded={showsList}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={showsList && found.length > 0 ? `${id}-${chosen}` : undefined}
        value={search}
        maxLength={100}
        onFocus={() => {
          setOpen(true)
        }}
        onChange={(event) => {
          setOpen(true)
          setChosen(0)
          patch({ search: event.target.value }, { replace: true })
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('search')}
        className="search-list"
        hidden={!showsList}
      >
        {showsList &&
          found.map((station, index) => (
            <button
              key={station.id}
              type="button"
              role="option"
              id={`${id}-${index}`}
              aria-selected={index === chosen}
              tabIndex={-1}
              className="search-option"
              onClick={() => {
                open(station)
              }}
            >
              <bdi>{station.name}</bdi>
            </button>
          ))}
        {showsList && found.length === 0 && (
          <div
            role="option"
            aria-selected="false"
            aria-disabled="true"
            tabIndex={-1}
            className="note search-none"
          >
            {t('searchNone')}
          </div>
        )}
      </div>
    </div>
  )
}

function useFound(search: string, isOpen: boolean): readonly Found[] {
  const data = useCitySnapshot().snapshot?.stations
  const names = useMemo(() => data?.name.map(foldName), [data])
  return useMemo(() => {
    if (!isOpen || data === undefined || names === undefined || search.trim() === '') return []
    const found: Found[] = []
    for (const [index, folded] of names.entries()) {
      if (found.length === MOST) break
      const id = data.station_id[index]
      if (id !== undefined && matchesName(folded, search)) found.push({ id, name: data.name[index] ?? id })
    }
    return found
  }, [data, names, search, isOpen])
}
