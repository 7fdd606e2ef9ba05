import type { Stage } from '../../../src/core/contracts/api/common.ts'
import type { Target } from '../../../src/core/contracts/features.ts'

export const TABS = ['city', 'stations', 'plan', 'model', 'system', 'releases'] as const
export type Tab = (typeof TABS)[number]
/** Which stations are shown: all, those at risk, and those that have nothing (to take, to return to) already. */
export const FILTERS = ['all', 'risk', 'empty', 'full', 'closed'] as const
export type StationFilter = (typeof FILTERS)[number]
export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]
export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** All that makes a view: it stands in the address, so that a link shows the same. */
export interface ViewState {
  /** Null: the server's first city. */
  readonly city: string | null
  readonly stage: Stage
  readonly target: Target
  /** Epoch seconds of a moment of the past; null is the newest. */
  readonly at: number | null
  readonly tab: Tab
  /** Counts as they are, or as they are predicted for 30 minutes later. */
  readonly when: 'now' | 'later'
  /** Id of the station whose panel is open. */
  readonly station: string | null
  readonly incident: string | null
  readonly plan: string | null
  readonly filter: StationFilter
  /** Column of the table, with `-` in front for descending; null is the view's own order. */
  readonly sort: string | null
  readonly search: string
  /** Days that charts go back. */
  readonly days: number
  readonly lang: Language
  readonly theme: Theme
}
