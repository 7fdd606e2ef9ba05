import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openDashboardLake,
  serveLakes,
  tokenOf,
  type DashboardLake,
  type Served,
} from '../../../../test/support/dashboard.ts'
import { API_PREFIX, ROUTE_PATHS, type RouteName } from '../../../core/contracts/api/route-paths.ts'
import { ROUTES } from '../../../core/contracts/api/routes.ts'

let lake: DashboardLake
let open: Served
let served: Served
beforeAll(async () => {
  lake = await openDashboardLake('[dashboard]\npublic_position_decimals = 2\npublic_score_classes = 2\n')
  open = await serveLakes([lake])
  served = await serveLakes([lake], { publicMode: true })
})
afterAll(async () => {
  await open.close()
  await served.close()
  await lake.close()
})

const pathOf = (name: RouteName): string =>
  API_PREFIX +
  ROUTE_PATHS[name].path.replace('{city}', 'demo').replace('{station_id}', 's1').replace('{id}', 'x')

describe('a public page', () => {
  it('answers of the city, and of nothing else, whatever token is shown', async () => {
    const authorization = `Bearer ${await tokenOf(lake, 'operator', 'ann')}`
    for (const name of Object.keys(ROUTES) as RouteName[]) {
      if (name === 'live' || name === 'signOut') continue
      const { method } = ROUTE_PATHS[name]
      const answer = await served.ask(pathOf(name), {
        method,
        headers: { authorization, origin: served.server.url },
        ...(method === 'GET' ? {} : { json: { token: 'x' } }),
      })
      const shown = ROUTES[name].access === 'public' && name !== 'signIn'
      expect([name, answer.status]).toEqual([name, shown ? 200 : 403])
    }
    expect(await (await served.ask('/api/session')).json()).toMatchObject({
      access: 'public',
      public_mode: true,
    })
  })

  it('rounds places and scores, and names no model, variant or endpoint', async () => {
    const both = async (path: string): Promise<[string, string]> => [
      await (await open.ask(path)).text(),
      await (await served.ask(path)).text(),
    ]
    for (const path of [
      '/api/cities',
      '/api/cities/demo/state?stage=prod',
      '/api/cities/demo/top?stage=prod',
      '/api/cities/demo/stations/s1?stage=prod',
    ]) {
      const [full, coarse] = await both(path)
      expect(full).toMatch(/bikeshare-(prod|staging)|v1/)
      expect(coarse).not.toMatch(/bikeshare-(prod|staging)|"v1"|AllTraffic/)
    }
    const [full, coarse] = (await both('/api/cities/demo/stations')).map(
      (text) => JSON.parse(text) as { lat: number[]; name: string[] },
    )
    expect(full?.lat).toEqual([45.5, 45.505, 45.51])
    expect(coarse).toMatchObject({ lat: [45.5, expect.closeTo(45.505, 2), 45.51], name: full?.name })
    const state = JSON.parse((await both('/api/cities/demo/state?stage=prod'))[1]) as {
      predicted: { bikes: { score: number[]; stockout: boolean[] } }
    }
    expect(state.predicted.bikes).toMatchObject({ score: [0.75, 0.75, 0.25], stockout: [true, true, false] })
    const csv = await (await served.ask('/api/cities/demo/state?stage=prod&format=csv')).text()
    expect(csv).toContain(',0.75,')
    expect(csv).not.toContain('0.8')
  })
})
