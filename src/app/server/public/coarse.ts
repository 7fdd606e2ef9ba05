import type { State, Stations, Top } from '../../../core/contracts/api/city.ts'
import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import type { AnswerOf } from '../../../core/contracts/api/routes.ts'
import type { StationView } from '../../../core/contracts/api/station.ts'
import type { Config } from '../../../core/config/schema.ts'

type Knobs = Config['dashboard']
/** What stands in place of a model's or an endpoint's name. */
const NAMELESS = '–'

/**
 * An answer as everyone may see it: positions rounded, scores and chances in a few steps, and no name of a model, a variant
 * or an endpoint. What the feed itself publishes (counts, names, capacities) stays. Answers of other routes never get here.
 */
export function coarse(name: RouteName, answer: unknown, knobs: Knobs): unknown {
  if (name === 'cities') return coarseCities(answer as AnswerOf<'cities'>, knobs)
  if (name === 'stations') return coarseStations(answer as Stations, knobs)
  if (name === 'state') return coarseState(answer as State, knobs)
  if (name === 'top') return coarseTop(answer as Top, knobs)
  if (name === 'station') return coarseStation(answer as StationView, knobs)
  return answer
}

const place = (degrees: number, { public_position_decimals: decimals }: Knobs): number =>
  Number(degrees.toFixed(decimals))

/** The middle of the score's class: of 4 classes 0.125, 0.375, 0.625 or 0.875. */
const step = (share: number, { public_score_classes: classes }: Knobs): number =>
  (Math.min(classes - 1, Math.floor(share * classes)) + 0.5) / classes

const stepOrNull = (share: number | null, knobs: Knobs): number | null =>
  share === null ? null : step(share, knobs)

function coarseCities({ cities }: AnswerOf<'cities'>, knobs: Knobs): AnswerOf<'cities'> {
  return {
    cities: cities.map((city) => ({
      ...city,
      endpoints: [],
      bounds: city.bounds && [
        place(city.bounds[0], knobs),
        place(city.bounds[1], knobs),
        place(city.bounds[2], knobs),
        place(city.bounds[3], knobs),
      ],
      problem: city.problem === null ? null : 'this city cannot be shown now',
    })),
  }
}

function coarseStations(stations: Stations, knobs: Knobs): Stations {
  return {
    ...stations,
    lat: stations.lat.map((lat) => place(lat, knobs)),
    lon: stations.lon.map((lon) => place(lon, knobs)),
  }
}

function coarseState(state: State, knobs: Knobs): State {
  const said = (one: State['predicted']['bikes']): State['predicted']['bikes'] =>
    one && {
      ...one,
      endpoint: NAMELESS,
      threshold: stepOrNull(one.threshold, knobs),
      score: one.score.map((score) => stepOrNull(score, knobs)),
    }
  return { ...state, predicted: { bikes: said(state.predicted.bikes), docks: said(state.predicted.docks) } }
}

function coarseTop(top: Top, knobs: Knobs): Top {
  const row = (one: Top['onsets'][number]): Top['onsets'][number] => ({
    ...one,
    lat: place(one.lat, knobs),
    lon: place(one.lon, knobs),
    score: step(one.score, knobs),
    chance: stepOrNull(one.chance, knobs),
    variant: NAMELESS,
    model_version: NAMELESS,
  })
  return {
    ...top,
    endpoint: top.endpoint === null ? null : NAMELESS,
    onsets: top.onsets.map(row),
    empty: top.empty.map(row),
  }
}

function coarseStation(view: StationView, knobs: Knobs): StationView {
  type Outlook = StationView['outlook']['bikes']
  type Past = StationView['past']['bikes'][number]
  const outlook = (one: Outlook): Outlook =>
    one && {
      ...one,
      endpoint: NAMELESS,
      score: step(one.score, knobs),
      threshold: step(one.threshold, knobs),
      chance: stepOrNull(one.chance, knobs),
      variant: NAMELESS,
      model_version: NAMELESS,
    }
  const past = (one: Past): Past => ({
    ...one,
    score: step(one.score, knobs),
    threshold: step(one.threshold, knobs),
    variant: NAMELESS,
    model_version: NAMELESS,
  })
  return {
    ...view,
    lat: place(view.lat, knobs),
    lon: place(view.lon, knobs),
    outlook: { bikes: outlook(view.outlook.bikes), docks: outlook(view.outlook.docks) },
    past: { bikes: view.past.bikes.map(past), docks: view.past.docks.map(past) },
    neighbours: view.neighbours.map((one) => ({
      ...one,
      score_bikes: stepOrNull(one.score_bikes, knobs),
      score_docks: stepOrNull(one.score_docks, knobs),
    })),
  }
}
