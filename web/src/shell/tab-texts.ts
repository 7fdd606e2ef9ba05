import type { Tab } from '../state/parts.ts'
import type { shellTexts } from '../text/shell.ts'

/** Key of each tab's name. */
export const TAB_TEXTS = {
  city: 'tabCity',
  stations: 'tabStations',
  plan: 'tabPlan',
  model: 'tabModel',
  system: 'tabSystem',
  releases: 'tabReleases',
} as const satisfies Record<Tab, keyof (typeof shellTexts)['en']>
