import type { z } from 'zod'
import { constraintsInputSchema, planDecisionSchema } from '../plan.ts'
import { explanationSchema } from '../explanation.ts'
import { stateSchema, stationsSchema, timelineSchema, topSchema } from './city.ts'
import {
  FORMATS,
  type Format,
  cityParamsSchema,
  stationParamsSchema,
  targetQuerySchema,
  viewQuerySchema,
} from './common.ts'
import { liveEventSchema } from './live.ts'
import { modelHealthSchema } from './model.ts'
import { constraintsViewSchema, planRequestSchema, plansSchema, planViewSchema } from './plans.ts'
import * as query from './queries.ts'
import {
  actionPreviewSchema,
  actionRequestSchema,
  actionResultSchema,
  actionSchema,
  gateSchema,
  incidentViewSchema,
  releasesSchema,
} from './releases.ts'
import type { RouteName } from './route-paths.ts'
import { citiesSchema, sessionSchema, signInSchema, type Access } from './session.ts'
import { stationViewSchema } from './station.ts'
import { systemHealthSchema } from './system.ts'

/** What a route takes and answers. */
export interface RouteContract {
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body?: z.ZodType
  readonly answer: z.ZodType
  /** The least that one must be to ask. */
  readonly access: Access
  /** Part of the document it stands in. */
  readonly tag: 'session' | 'city' | 'model' | 'system' | 'releases' | 'plans' | 'live'
  readonly summary: string
}

const none = query.noneSchema

/** Every route of the API by name, with its schemas: from these the server, its OpenAPI document and the client's types follow. */
export const ROUTES = {
  session: route('public', 'session', 'Who is asking, and of whom', none, none, sessionSchema),
  signIn: {
    ...route(
      'public',
      'session',
      'Signs in by a token, for a cookie that no script reads',
      none,
      none,
      sessionSchema,
    ),
    body: signInSchema,
  },
  signOut: route('public', 'session', 'Signs out', none, none, sessionSchema),
  cities: route('public', 'city', 'The cities that are shown', none, none, citiesSchema),
  stations: route(
    'public',
    'city',
    'What changes seldom of the stations, by column',
    cityParamsSchema,
    query.atQuerySchema,
    stationsSchema,
  ),
  state: route(
    'public',
    'city',
    'State and prediction of every station at a moment, by column',
    cityParamsSchema,
    query.stateQuerySchema,
    stateSchema,
  ),
  timeline: route(
    'public',
    'city',
    'Moments that can be shown, and gaps',
    cityParamsSchema,
    query.timelineQuerySchema,
    timelineSchema,
  ),
  top: route(
    'public',
    'city',
    'Stations that are said to run out, and those that have',
    cityParamsSchema,
    query.topQuerySchema,
    topSchema,
  ),
  station: route(
    'public',
    'city',
    'Everything about one station at a moment',
    stationParamsSchema,
    query.stationQuerySchema,
    stationViewSchema,
  ),
  why: route(
    'viewer',
    'model',
    'Why a prediction is what it is',
    stationParamsSchema,
    targetQuerySchema,
    explanationSchema,
  ),
  model: route(
    'viewer',
    'model',
    'Quality, calibration and drift of what serves',
    cityParamsSchema,
    query.modelQuerySchema,
    modelHealthSchema,
  ),
  system: route(
    'viewer',
    'system',
    'Feed, endpoints, alarms, jobs, budgets and cost',
    cityParamsSchema,
    query.systemQuerySchema,
    systemHealthSchema,
  ),
  releases: route(
    'viewer',
    'releases',
    'What serves, the release under way, history and incidents',
    cityParamsSchema,
    query.releasesQuerySchema,
    releasesSchema,
  ),
  gate: route(
    'viewer',
    'releases',
    'May what a stage serves go on: the conditions of the gate',
    cityParamsSchema,
    viewQuerySchema,
    gateSchema,
  ),
  incident: route(
    'viewer',
    'releases',
    'An incident with its timeline and graphs',
    query.recordParamsSchema,
    none,
    incidentViewSchema,
  ),
  plans: route('viewer', 'plans', 'The newest plans', cityParamsSchema, query.plansQuerySchema, plansSchema),
  constraints: route(
    'viewer',
    'plans',
    'Depots, crews and closed stations that plans keep to',
    cityParamsSchema,
    none,
    constraintsViewSchema,
  ),
  setConstraints: {
    ...route(
      'operator',
      'plans',
      'Sets the constraints; If-Match names those that were looked at',
      cityParamsSchema,
      none,
      constraintsViewSchema,
    ),
    body: constraintsInputSchema,
  },
  plan: route(
    'viewer',
    'plans',
    'A plan and its score',
    query.recordParamsSchema,
    query.plansQuerySchema,
    planViewSchema,
  ),
  makePlan: {
    ...route('operator', 'plans', 'Makes a plan; one at a time', cityParamsSchema, none, planViewSchema),
    body: planRequestSchema,
  },
  decidePlan: {
    ...route(
      'operator',
      'plans',
      'Accepts or rejects a plan',
      query.recordParamsSchema,
      none,
      planViewSchema,
    ),
    body: planDecisionSchema,
  },
  previewAction: {
    ...route(
      'operator',
      'releases',
      'What an action would change, and the same by the command line',
      cityParamsSchema,
      none,
      actionPreviewSchema,
    ),
    body: actionSchema,
  },
  act: {
    ...route(
      'operator',
      'releases',
      'Does what was looked at: `confirm` is of its preview',
      cityParamsSchema,
      none,
      actionResultSchema,
    ),
    body: actionRequestSchema,
  },
  live: route(
    'public',
    'live',
    'Server-sent events: each one’s data is this answer; Last-Event-ID goes on from there',
    none,
    query.liveQuerySchema,
    liveEventSchema,
  ),
} as const satisfies Record<RouteName, RouteContract>

type Routes = typeof ROUTES
/** Path parameters of a route. */
export type ParamsOf<Name extends RouteName> = z.output<Routes[Name]['params']>
/** Query of a route as it is asked: what has a default may be left out. */
export type QueryOf<Name extends RouteName> = z.input<Routes[Name]['query']>
/** Query of a route with its defaults. */
export type FullQueryOf<Name extends RouteName> = z.output<Routes[Name]['query']>
/** Body of a route, as it is sent; never for one without. */
export type BodyOf<Name extends RouteName> = Routes[Name] extends { body: infer Body extends z.ZodType }
  ? z.input<Body>
  : never
/** Body of a route with its defaults. */
export type ParsedBodyOf<Name extends RouteName> = Routes[Name] extends { body: infer Body extends z.ZodType }
  ? z.output<Body>
  : undefined
/** What a route answers. */
export type AnswerOf<Name extends RouteName> = z.output<Routes[Name]['answer']>

/** Formats of a route's answer, JSON first. */
export function formatsOf(name: RouteName): readonly Format[] {
  const { format } = ROUTES[name].query.shape as { format?: z.ZodDefault<z.ZodEnum> }
  return FORMATS.filter((one) => one === 'json' || format?.unwrap().options.includes(one))
}

function route<Params extends z.ZodObject, Query extends z.ZodObject, Answer extends z.ZodType>(
  access: Access,
  tag: RouteContract['tag'],
  summary: string,
  params: Params,
  asked: Query,
  answer: Answer,
) {
  return { access, tag, summary, params, query: asked, answer } as const
}
