import type { RouteName } from '../../../src/core/contracts/api/route-paths.ts'

/** One view: where it is, what it must have, and where its answers come from. */
export interface View {
  readonly name: ViewName
  /** Query of its address, without `?`. */
  readonly query: string
  /** Heading of the first level, in English and in French. */
  readonly heading: RegExp
  readonly french: RegExp
  /** Regions that it must have when its answers are there. */
  readonly regions: readonly RegExp[]
  /** The answer without which it shows nothing of its own, as the path below /api/cities/demo; a pattern of a glob. */
  readonly answer: { readonly route: RouteName; readonly path: string }
  /** It has charts, and so many of them at least. */
  readonly charts?: number
  readonly map?: true
}

/** What stands in the demo's lake and no test can know beforehand. */
export interface Found {
  readonly station: string
  readonly plan: string
  readonly incident: string
  /** A moment of the past with a batch, epoch seconds. */
  readonly past: number
}

/** Names of all views, for tests that are made before the lake is there. */
export const VIEW_NAMES = [
  'city',
  'station',
  'stations',
  'time machine',
  'plans',
  'plan',
  'model',
  'system',
  'releases',
  'incident',
] as const
export type ViewName = (typeof VIEW_NAMES)[number]

/** All views of the dashboard. */
export function viewsOf({ station, plan, incident, past }: Found): readonly View[] {
  return [
    {
      name: 'city',
      query: 'stage=prod',
      heading: /^City/,
      french: /^Ville/,
      regions: [/^Map of stations$/, /^Time machine$/, /^Will run out of bikes/, /^Without bikes already/],
      answer: { route: 'state', path: 'state?*' },
      map: true,
    },
    {
      name: 'station',
      query: `stage=prod&station=${station}`,
      heading: /^City/,
      french: /^Ville/,
      regions: [/^Station /, /^Why$/, /^In 30 minutes$/, /^Last 24 hours$/, /^Weather$/, /^Neighbours$/],
      answer: { route: 'station', path: `stations/${station}?*` },
      map: true,
      charts: 1,
    },
    {
      name: 'stations',
      query: 'tab=stations&stage=prod',
      heading: /^City|^Stations/,
      french: /^Ville|^Stations/,
      regions: [/^Stations at /],
      answer: { route: 'state', path: 'state?*' },
    },
    {
      name: 'time machine',
      query: `stage=prod&at=${past}`,
      heading: /^City/,
      french: /^Ville/,
      regions: [/^Map of stations$/, /^Time machine$/, /^Will run out of bikes/],
      answer: { route: 'state', path: 'state?*' },
      map: true,
    },
    {
      name: 'plans',
      query: 'tab=plan',
      heading: /^Plan$/,
      french: /^Plan$/,
      regions: [/^Make a plan$/, /^Depots, crews, closed stations$/, /^Plans$/],
      answer: { route: 'plans', path: 'plans' },
    },
    {
      name: 'plan',
      query: `tab=plan&plan=${plan}`,
      heading: /^Plan$/,
      french: /^Plan$/,
      regions: [/^What it brings$/, /^Stops by truck$/, /^What happened to it$/],
      answer: { route: 'plan', path: `plans/${plan}` },
    },
    {
      name: 'model',
      query: 'tab=model&stage=prod',
      heading: /^Model health$/,
      french: /^Santé du modèle$/,
      regions: [/^Quality of the last 24 hours$/, /^Calibration$/, /^Drift$/, /^By hour of the day$/],
      answer: { route: 'model', path: 'model?*' },
      charts: 12,
    },
    {
      name: 'system',
      query: 'tab=system&stage=prod',
      heading: /^System health$/,
      french: /^Santé du système$/,
      regions: [/^Feed$/, /^Endpoints$/, /^Alarms$/, /^Jobs$/, /^Cost$/],
      answer: { route: 'system', path: 'system*' },
      charts: 5,
    },
    {
      name: 'releases',
      query: 'tab=releases&stage=prod',
      heading: /^Releases$/,
      french: /^Mises en production$/,
      regions: [/^What serves$/, /^Gate$/, /^Incidents$/, /^History$/],
      answer: { route: 'releases', path: 'releases*' },
    },
    {
      name: 'incident',
      query: `tab=releases&incident=${incident}`,
      heading: /taken back/,
      french: /taken back/,
      regions: [/^What it is about$/, /^Timeline$/, /^Graphs$/, /^Notes$/],
      answer: { route: 'incident', path: `incidents/${incident}` },
      charts: 6,
    },
  ]
}

/** Asks the server what the demo's lake has. */
export async function findIn(url: string): Promise<Found> {
  const of = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}/api/cities/demo/${path}`)
    if (!response.ok) throw new Error(`${response.status} for ${path}`)
    return (await response.json()) as T
  }
  const [top, plans, releases, timeline] = await Promise.all([
    of<{ onsets: { station_id: string }[] }>('top?stage=prod'),
    of<{ plans: { id: string }[] }>('plans'),
    of<{ incidents: { id: string }[] }>('releases'),
    of<{ batches: number[] }>('timeline?stage=prod'),
  ])
  const batches = timeline.batches
  return {
    station: known(top.onsets[0]?.station_id, 'a station at risk'),
    plan: known(plans.plans[0]?.id, 'a plan'),
    incident: known(releases.incidents[0]?.id, 'an incident'),
    past: known(batches[Math.floor(batches.length / 2)], 'a batch'),
  }
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the demo’s lake has not ${what}`)
  return value
}
