import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { Tab } from '../state/parts.ts'

/** A view gets the city that is shown; everything else stands in the address. */
type View = LazyExoticComponent<ComponentType<{ readonly city: string }>>

type Load = () => Promise<{ readonly default: ComponentType<{ readonly city: string }> }>

const LOADS: Readonly<Record<Tab, Load>> = {
  city: async () => ({ default: (await import('./city/city-view.tsx')).CityView }),
  stations: async () => ({ default: (await import('./stations/stations-view.tsx')).StationsView }),
  plan: async () => ({ default: (await import('./plan/plan-view.tsx')).PlanView }),
  model: async () => ({ default: (await import('./model/model-view.tsx')).ModelView }),
  system: async () => ({ default: (await import('./system/system-view.tsx')).SystemView }),
  releases: async () => ({ default: (await import('./releases/releases-view.tsx')).ReleasesView }),
}

/** The views by tab; each is loaded when it is first opened. */
export const VIEWS: Readonly<Record<Tab, View>> = {
  city: lazy(LOADS.city),
  stations: lazy(LOADS.stations),
  plan: lazy(LOADS.plan),
  model: lazy(LOADS.model),
  system: lazy(LOADS.system),
  releases: lazy(LOADS.releases),
}

/** Begins to load a view before it is known what it will show. */
export function preloadView(tab: Tab): void {
  // A failure is shown by the view itself, when it is opened.
  LOADS[tab]().catch(() => undefined)
}

/** An incident's page, in place of the tab that it was opened from. */
export const IncidentView: View = lazy(async () => ({
  default: (await import('./incident/incident-view.tsx')).IncidentView,
}))
