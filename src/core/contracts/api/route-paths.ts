/** Below which all routes of the API stand. */
export const API_PREFIX = '/api'

/** Method and path of every route, by name; `{…}` are path parameters. Without schemas, so that a page can do with this alone. */
export const ROUTE_PATHS = {
  session: { method: 'GET', path: '/session' },
  signIn: { method: 'POST', path: '/session' },
  signOut: { method: 'DELETE', path: '/session' },
  cities: { method: 'GET', path: '/cities' },
  stations: { method: 'GET', path: '/cities/{city}/stations' },
  state: { method: 'GET', path: '/cities/{city}/state' },
  timeline: { method: 'GET', path: '/cities/{city}/timeline' },
  top: { method: 'GET', path: '/cities/{city}/top' },
  station: { method: 'GET', path: '/cities/{city}/stations/{station_id}' },
  why: { method: 'GET', path: '/cities/{city}/stations/{station_id}/why' },
  model: { method: 'GET', path: '/cities/{city}/model' },
  system: { method: 'GET', path: '/cities/{city}/system' },
  releases: { method: 'GET', path: '/cities/{city}/releases' },
  gate: { method: 'GET', path: '/cities/{city}/gate' },
  incident: { method: 'GET', path: '/cities/{city}/incidents/{id}' },
  plans: { method: 'GET', path: '/cities/{city}/plans' },
  constraints: { method: 'GET', path: '/cities/{city}/plans/constraints' },
  setConstraints: { method: 'PUT', path: '/cities/{city}/plans/constraints' },
  plan: { method: 'GET', path: '/cities/{city}/plans/{id}' },
  makePlan: { method: 'POST', path: '/cities/{city}/plans' },
  decidePlan: { method: 'POST', path: '/cities/{city}/plans/{id}/decision' },
  previewAction: { method: 'POST', path: '/cities/{city}/actions/preview' },
  act: { method: 'POST', path: '/cities/{city}/actions' },
  live: { method: 'GET', path: '/live' },
} as const

/** Name of a route. */
export type RouteName = keyof typeof ROUTE_PATHS
