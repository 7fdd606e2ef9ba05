import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import {
  CITY,
  copyOf,
  remove,
  shownDemo,
  startDashboard,
  type DashboardProcess,
} from './support/dashboard-process.ts'
import { settled } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'
import { findIn, type Found } from './support/views.ts'

const SECOND = 'second'

describeInBrowser('the address', () => {
  let dataDir: string
  let dashboard: DashboardProcess
  let browser: Browser
  let open: WatchedPage
  let found: Found

  beforeAll(async () => {
    dataDir = await copyOf(await shownDemo())
    // Another city: the same lake by another name, at another longitude of clocks.
    const path = join(dataDir, SECOND, 'lake.json')
    await cp(join(dataDir, CITY), join(dataDir, SECOND), { recursive: true })
    const lake = JSON.parse(await readFile(path, 'utf8')) as object
    await writeFile(path, JSON.stringify({ ...lake, city: SECOND, timezone: 'Europe/Paris' }))
    dashboard = await startDashboard(dataDir, ['--city', `${CITY},${SECOND}`])
    browser = await startChromium()
    found = await findIn(dashboard.url)
    open = await browser.open(dashboard.url)
    await settled(open.page)
  })
  afterAll(async () => {
    await browser.close()
    await dashboard.close()
    await remove(dataDir)
  })

  it('says the whole view: a link opened elsewhere shows the same', async () => {
    const { page } = open
    await page.getByRole('radio', { name: 'Production' }).check()
    await page.getByRole('radio', { name: 'Docks' }).check()
    await page.getByRole('radio', { name: 'At risk' }).check()
    await page.getByRole('radio', { name: 'In 30 min' }).check()
    await page.goto(`${page.url()}&station=${found.station}&at=${found.past}`)
    await settled(page)
    const shown = await page.getByRole('main').ariaSnapshot()
    const other = await browser.open(page.url())
    await settled(other.page)
    expect(await other.page.getByRole('main').ariaSnapshot()).toBe(shown)
    for (const name of ['Production', 'Docks', 'At risk', 'In 30 min'])
      expect(await other.page.getByRole('radio', { name }).isChecked()).toBe(true)
    expect(other.faults).toEqual([])
    await other.close()
  })

  it('goes back and forth through the views', async () => {
    const { page } = open
    await page.goto(`${dashboard.url}/?stage=prod`)
    await settled(page)
    for (const name of ['Stations', 'Releases', 'System']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
      await settled(page)
    }
    const current = async (): Promise<string> => {
      await settled(page)
      return page.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]').innerText()
    }
    const seen = [await current()]
    for (const step of ['back', 'back', 'back', 'forward'] as const) {
      await (step === 'back' ? page.goBack() : page.goForward())
      seen.push(await current())
    }
    expect(seen).toEqual(['System', 'Releases', 'Stations', 'City', 'Stations'])
    expect(open.faults).toEqual([])
  })

  it.each([
    [
      'values that cannot be',
      'tab=none&stage=moon&target=%00&at=-5&days=1e9&sort=DROP&lang=xx&theme=%F0%9F%9A%B2',
    ],
    [
      '5,000 characters',
      `station=${'x'.repeat(5000)}&search=${encodeURIComponent('<script>alert(1)</script>')}`,
    ],
    ['paths', 'tab=plan&plan=../../etc/passwd&incident=..%2F..'],
    ['broken escapes', 'at=9999999999999&station=%E0%A4%A&%=%&&&==='],
    ['an incident that is none', 'tab=releases&incident=2024-01-01-none-00000000'],
    ['a station that is none', 'tab=city&station=no-such-station'],
    ['a plan that is none', 'tab=plan&plan=2024-01-01-0000-00000000'],
  ])('with %s in it breaks nothing', async (_what, query) => {
    const junk = await browser.open(`${dashboard.url}/?${query}`)
    junk.expectFaults(/404/)
    await settled(junk.page)
    expect(await junk.page.getByRole('heading', { level: 1 }).count()).toBe(1)
    expect(await junk.page.getByText('This view broke.').count()).toBe(0)
    expect(junk.faults).toEqual([])
    await junk.close()
  })

  it('of a city that is not here says so', async () => {
    await open.page.goto(`${dashboard.url}/?city=atlantis`)
    await open.page.getByRole('heading', { level: 1, name: /no city “atlantis”/ }).waitFor()
    expect(open.faults).toEqual([])
  })

  it('has the city: each has its own clock, and the switch leaves what was the other’s', async () => {
    const { page } = open
    await page.goto(`${dashboard.url}/?city=${CITY}&stage=prod&station=${found.station}`)
    await settled(page)
    expect(await page.getByRole('contentinfo').innerText()).toContain('New York')
    await page.getByRole('combobox', { name: 'City' }).selectOption(SECOND)
    await page.getByRole('heading', { level: 1, name: `City ${SECOND}` }).waitFor()
    await settled(page)
    expect(await page.getByRole('contentinfo').innerText()).toContain('Paris')
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('city'), searchParams.get('station')]).toEqual([SECOND, null])
    expect(open.faults).toEqual([])
  })
})
