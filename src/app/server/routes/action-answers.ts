import { nameOf } from '../access/visitor.ts'
import { openDeeds } from '../actions/deeds.ts'
import { followReleases } from '../actions/follow-releases.ts'
import type { DashboardOptions } from '../dashboard-options.ts'
import type { Answerers } from './asked.ts'
import { findCity } from './city-answers.ts'
import { oneAfterAnother } from '../one-after-another.ts'

/** How actions are answered, and what goes on with the releases that they began. */
export interface ActionAnswers {
  readonly answerers: Pick<Answerers, 'previewAction' | 'act'>
  close(): Promise<void>
}

/** Actions of a city are taken one after another. A release that is under way when the server begins is gone on with. */
export function actionAnswers(o: DashboardOptions, onStep: () => void): ActionAnswers {
  const find = findCity(o.cities)
  const deeds = openDeeds(o.report)
  const follower = followReleases({
    cityNames: o.cities.map(({ name }) => name),
    wall: o.wall,
    report: o.report,
    onStep,
  })
  const inTurn = oneAfterAnother()
  if (!o.publicMode)
    for (const city of o.cities)
      void city.source().then(
        (source) => follower.follow(source),
        // What is wrong with it, its answers say.
        () => {},
      )
  return {
    answerers: {
      previewAction: async ({ params, body, visitor }) =>
        deeds.preview(await find(params.city), body, nameOf(visitor)),
      act: async ({ params, body, visitor }) => {
        const source = await find(params.city)
        const by = nameOf(visitor)
        return inTurn(source.name, async () => {
          const done = await deeds.perform(source, body.act, { by, confirm: body.confirm })
          follower.follow(source)
          return { done, by, at: source.now() }
        })
      },
    },
    close: () => follower.close(),
  }
}
