import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import type { AnswerOf, FullQueryOf, ParamsOf, ParsedBodyOf } from '../../../core/contracts/api/routes.ts'
import type { Visitor } from '../access/visitor.ts'

/** One request of a route, checked against its contract. */
export interface Asked<Name extends RouteName> {
  readonly params: ParamsOf<Name>
  readonly query: FullQueryOf<Name>
  readonly body: ParsedBodyOf<Name>
  readonly visitor: Visitor
  /** The If-Match header, without its quotes. */
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  /** Aborted when the client went away before it had its answer. */
  readonly gone: AbortSignal
}

/** Routes that need more than a function of what is asked: cookies, a stream. */
export type SpecialRoute = 'session' | 'signIn' | 'signOut' | 'live'
/** Routes that are answered by a function. */
export type PlainRoute = Exclude<RouteName, SpecialRoute>

/** Answers a route; what it rejects with is explained to the client. */
export type Answerer<Name extends RouteName> = (asked: Asked<Name>) => Promise<AnswerOf<Name>>
/** How each route is answered. */
export type Answerers = { readonly [Name in PlainRoute]: Answerer<Name> }
