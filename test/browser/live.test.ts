import { afterAll, beforeAll, expect, it } from 'vitest'
import { mustRun } from '../support/cli.ts'
import { startChromium, type Browser } from './support/chromium.ts'
import {
  ask,
  CITY,
  copyOf,
  remove,
  shownDemo,
  startDashboard,
  type DashboardProcess,
} from './support/dashboard-process.ts'
import { settled } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'

describeInBrowser('a page that stays open', () => {
  let dataDir: string
  let dashboard: DashboardProcess
  let browser: Browser

  beforeAll(async () => {
    dataDir = await copyOf(await shownDemo())
    dashboard = await startDashboard(dataDir)
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser.close()
    await dashboard.close()
    await remove(dataDir)
  })

  it('shows what somebody did by the command line, without being loaded again', async () => {
    const open = await browser.open(`${dashboard.url}/?tab=releases&stage=prod`)
    await settled(open.page)
    await open.page.evaluate('window.notLoadedAgain = true')
    const { cities } = (await ask(dashboard.url, '/cities')) as { cities: { now: number }[] }
    const until = new Date(((cities[0]?.now ?? 0) + 7200) * 1000).toISOString()
    const asked = ['gate', 'waive', '--metric', 'PSI', '--endpoint', 'bikeshare-staging', '--until', until]
    await mustRun([...asked, '--why', 'told from a shell', '--by', 'cleo', '--data-dir', dataDir])
    const waivers = open.page.getByRole('region', { name: 'Waivers' })
    await waivers.getByText('told from a shell').waitFor()
    expect(await waivers.innerText()).toContain('cleo')
    expect(await open.page.evaluate('window.notLoadedAgain')).toBe(true)
    expect(open.faults).toEqual([])
    await open.close()
  })

  it('asks again for all that it shows after the computer slept', async () => {
    const open = await browser.open(`${dashboard.url}/?stage=prod`, {}, (page) => page.clock.install())
    await settled(open.page)
    const asked = open.page.waitForRequest(new RegExp(`/cities/${CITY}/state`))
    const listens = open.page.waitForRequest(/\/api\/live/)
    await open.page.clock.fastForward('02:00:00')
    await Promise.all([asked, listens])
    await settled(open.page)
    expect(await open.page.getByRole('banner').innerText()).not.toContain('Offline')
    expect(open.faults).toEqual([])
    await open.close()
  })
})
