import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import { ROUTES } from '../../../core/contracts/api/routes.ts'
import type { Config } from '../../../core/config/schema.ts'
import { coarse } from '../public/coarse.ts'
import type { Answerers, Asked, PlainRoute } from './asked.ts'

/** Gives a route's answer as a visitor may see it. */
export type Answer = (name: PlainRoute, asked: Asked<RouteName>) => Promise<unknown>

/** With `publicMode` answers are coarse; with `check` each is held against its contract. */
export function answering(
  answerers: Partial<Answerers>,
  o: { readonly publicMode: boolean; readonly check: boolean; readonly config: Config },
): Answer {
  return async (name, asked) => {
    // Its own route is asked with its own parameters; that is what `name` says.
    const answerer: ((asked: never) => Promise<unknown>) | undefined = answerers[name]
    if (!answerer) throw new Error(`nothing answers ${name}`)
    const made = await answerer(asked as never)
    const shown = o.publicMode ? coarse(name, made, o.config.dashboard) : made
    if (o.check) ROUTES[name].answer.parse(shown)
    return shown
  }
}
