import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDashboardLake, serveLakes, type DashboardLake, type Served } from '../support/dashboard.ts'
import { runAxe } from './support/axe.ts'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import { settled, sideways } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'

const MARKUP = '"><img src=x onerror=alert(1)><script>alert(2)</script><style>*{display:none}</style>'
/** Turns what follows it around, unless it is kept to itself. */
const TURNED = '\u202Eمحطة "القطار" 🚲👩‍👩‍👧‍👦'
const LONG = `=cmd|' /C calc'!A0 ${'Très longue station '.repeat(250)}`.slice(0, 5000)
const NAMES = { s1: MARKUP, s2: TURNED, s3: LONG }
const PAGES = join(import.meta.dirname, '../../dist/web')

describeInBrowser('station names that mean harm', () => {
  let lake: DashboardLake
  let served: Served
  let browser: Browser
  let open: WatchedPage
  const dialogs: string[] = []

  beforeAll(async () => {
    lake = await openDashboardLake('', NAMES)
    served = await serveLakes([lake], { webRoot: PAGES })
    browser = await startChromium()
    open = await browser.open(served.server.url, {}, (page) => {
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      return Promise.resolve()
    })
    // Its lake has no features any more, from which reasons could be given.
    open.expectFaults(/404/)
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
    await lake.close()
  })

  const go = async (query: string): Promise<Page> => {
    await open.page.goto(`${served.server.url}/?${query}`)
    await settled(open.page)
    return open.page
  }
  const isInert = async (): Promise<void> => {
    const made = await open.page.evaluate<number>(
      `document.querySelectorAll('img[src="x"], main script, main style, [onerror]').length`,
    )
    expect({ made, dialogs, faults: open.faults, sideways: await sideways(open.page) }).toEqual({
      made: 0,
      dialogs: [],
      faults: [],
      sideways: [],
    })
    expect((await runAxe(open.page)).violations).toEqual([])
  }

  it.each([1280, 360])('are text in the list, the table and the panel, at %i pixels', async (width) => {
    await open.page.setViewportSize({ width, height: 800 })
    const page = await go('stage=prod')
    await isInert()
    await go('tab=stations&stage=prod')
    const rows = page.getByRole('rowheader')
    expect(await rows.filter({ hasText: '<img src=x onerror=alert(1)>' }).count()).toBe(1)
    expect(await rows.filter({ hasText: 'القطار' }).count()).toBe(1)
    await isInert()
    for (const id of Object.keys(NAMES)) {
      await go(`stage=prod&station=${id}`)
      await page
        .getByRole('region', { name: /^Station / })
        .first()
        .waitFor()
      await isInert()
    }
  })

  it('turn round no text beside them: each stands in an element of its own direction', async () => {
    const page = await go('tab=stations&stage=prod')
    const name = page.getByRole('rowheader').filter({ hasText: 'القطار' })
    expect(await name.locator('bdi').count()).toBe(1)
  })

  it('are found by the search, and say themselves on the map', async () => {
    const page = await go('stage=prod')
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('combobox', { name: 'Search stations' }).fill('img src')
    const option = page.getByRole('listbox').getByRole('option')
    await option.first().waitFor()
    expect(await option.first().innerText()).toContain('<img src=x')
    await isInert()
    await option.first().click()
    await page
      .getByRole('region', { name: /^Station / })
      .first()
      .waitFor()
    // The chosen station stands in the middle of the map.
    const map = page.getByRole('region', { name: 'Map of stations' })
    const box = await map.boundingBox()
    if (box === null) throw new Error('the map is not shown')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 })
    await isInert()
  })

  it('are no formula in the CSV', async () => {
    const page = await go('tab=stations&stage=prod')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^Download the stations as CSV/ }).click(),
    ])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv).toContain('<img src=x onerror=alert(1)>')
    expect(csv).not.toMatch(/(^|,|")=cmd/m)
  })
})
