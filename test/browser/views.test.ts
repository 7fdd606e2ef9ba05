import { afterAll, beforeAll, expect, it } from 'vitest'
import { runAxe } from './support/axe.ts'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import { shownDemo, startDashboard, type DashboardProcess } from './support/dashboard-process.ts'
import {
  cutOff,
  drawn,
  hasItsParts,
  heading,
  mapColours,
  overlaps,
  settled,
  sideways,
  slips,
} from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'
import { openTally } from './support/tally.ts'
import { findIn, VIEW_NAMES, viewsOf, type View } from './support/views.ts'

/** Colours of a map on which something is drawn. */
const DRAWN_MAP = 12

describeInBrowser('every view, in every look', () => {
  const tally = openTally()
  let dashboard: DashboardProcess
  let browser: Browser
  let views: readonly View[]

  beforeAll(async () => {
    dashboard = await startDashboard(await shownDemo())
    browser = await startChromium()
    views = viewsOf(await findIn(dashboard.url))
  })
  afterAll(async () => {
    console.log(tally.line())
    await browser.close()
    await dashboard.close()
  })

  const view = (name: string): View => {
    const found = views.find((each) => each.name === name)
    if (found === undefined) throw new Error(`there is no view ${name}`)
    return found
  }
  /** What holds of a view however it is looked at. */
  const holds = async ({ page, faults }: WatchedPage, name: string, look: string): Promise<void> => {
    await settled(page)
    tally.look(name, look)
    const { rules, violations } = await runAxe(page)
    tally.rules(rules)
    expect({
      violations,
      sideways: await sideways(page),
      overlaps: await overlaps(page),
      faults,
      slips: await slips(page),
      cut: await cutOff(page),
    }).toEqual({
      violations: [],
      sideways: [],
      overlaps: [],
      faults: [],
      slips: [],
      cut: [],
    })
  }

  it.each(VIEW_NAMES)('%s: light, dark, in French, and at 360 pixels', async (name) => {
    const it = view(name)
    const open = await browser.open(`${dashboard.url}/?${it.query}`)
    const { page } = open
    await settled(page)
    await hasItsParts(page, it)
    await holds(open, name, 'light')
    const charts = await drawn(page)
    expect(charts.length).toBeGreaterThanOrEqual(it.charts ?? 0)
    expect(charts.filter((marks) => marks < 3)).toEqual([])
    if (it.map) expect(await mapColours(page)).toBeGreaterThan(DRAWN_MAP)

    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await holds(open, name, 'dark and calm')
    if (it.map) expect(await mapColours(page)).toBeGreaterThan(DRAWN_MAP)

    await page.setViewportSize({ width: 360, height: 740 })
    await holds(open, name, '360 px')

    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(`${dashboard.url}/?${it.query}&lang=fr`)
    await settled(page)
    await heading(page, it.french)
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    await holds(open, name, 'French at 360 px')
    await open.close()
  })
})
