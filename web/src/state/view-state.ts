import { useCallback, useSyncExternalStore } from 'react'
import type { Language, ViewState } from './parts.ts'
import { parseViewState, viewStateQuery } from './url-query.ts'

export type PatchViewState = (patch: Partial<ViewState>, options?: { readonly replace?: boolean }) => void

const listeners = new Set<() => void>()
let cached: { readonly search: string; readonly state: ViewState } | undefined

function current(): ViewState {
  const { search } = window.location
  if (cached?.search !== search) cached = { search, state: parseViewState(search, preferredLanguage()) }
  return cached.state
}

function preferredLanguage(): Language {
  return window.navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

/** Address of this page with some of its state changed: for links that open a view. */
export function viewHref(patch: Partial<ViewState>): string {
  return `${window.location.pathname}${viewStateQuery({ ...current(), ...patch }, preferredLanguage())}`
}

/** Changes the state, by a new entry of the browser's history, or with `replace` in the entry that is there. */
export const patchViewState: PatchViewState = (patch, options) => {
  const href = viewHref(patch)
  if (href === `${window.location.pathname}${window.location.search}`) return
  window.history[options?.replace === true ? 'replaceState' : 'pushState'](null, '', href)
  for (const listener of listeners) listener()
}

/** The state of the view, read from the address. What the address says amiss falls back to the default. */
export function useViewState(): [ViewState, PatchViewState] {
  const state = useSyncExternalStore(subscribe, current)
  const patch = useCallback<PatchViewState>((change, options) => {
    patchViewState(change, options)
  }, [])
  return [state, patch]
}
