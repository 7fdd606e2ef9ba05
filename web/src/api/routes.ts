import { ROUTE_PATHS, type RouteName as AnyRoute } from '../../../src/core/contracts/api/route-paths.ts'
import type { AnswerOf, ParamsOf, QueryOf } from '../../../src/core/contracts/api/routes.ts'

/** Routes that answer JSON to a GET. */
export type RouteName = Exclude<
  { [N in AnyRoute]: (typeof ROUTE_PATHS)[N]['method'] extends 'GET' ? N : never }[AnyRoute],
  'live'
>

/** Parameters, query and answer of each route that can be asked. In a query, null is the same as leaving out. */
export type Routes = {
  readonly [N in RouteName]: {
    readonly params: Readonly<ParamsOf<N>>
    readonly query: Readonly<Omit<QueryOf<N>, 'format' | 'at' | 'n' | 'days'>> & {
      readonly [K in keyof QueryOf<N> & ('at' | 'n' | 'days')]?: number | null
    }
    readonly answer: AnswerOf<N>
  }
}

/** Path of a route below /api, its parameters encoded. */
export function routePath(name: AnyRoute, params: Readonly<Record<string, string>>): string {
  return ROUTE_PATHS[name].path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(params[key] ?? ''),
  )
}
