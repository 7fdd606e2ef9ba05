import { useSyncExternalStore } from 'react'
import { useViewState } from '../state/view-state.ts'

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', listener)
      return () => {
        media.removeEventListener('change', listener)
      }
    },
    () => window.matchMedia(query).matches,
  )
}

/** The theme that is on: the reader's choice, or the system's. */
export function useTheme(): 'light' | 'dark' {
  const [{ theme }] = useViewState()
  const dark = useMedia('(prefers-color-scheme: dark)')
  return theme === 'auto' ? (dark ? 'dark' : 'light') : theme
}

/** True when the reader asked for less motion. */
export function useReducedMotion(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)')
}
