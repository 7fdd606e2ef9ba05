import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import { shownDemo, startDashboard, type DashboardProcess } from './support/dashboard-process.ts'
import { settled, until } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'
import { findIn, type Found } from './support/views.ts'

describeInBrowser('by keyboard alone', () => {
  let dashboard: DashboardProcess
  let browser: Browser
  let open: WatchedPage
  let found: Found

  beforeAll(async () => {
    dashboard = await startDashboard(await shownDemo())
    browser = await startChromium()
    found = await findIn(dashboard.url)
    open = await browser.open(dashboard.url)
  })
  afterAll(async () => {
    await browser.close()
    await dashboard.close()
  })

  const go = async (query: string): Promise<Page> => {
    await open.page.goto(`${dashboard.url}/?${query}`)
    await settled(open.page)
    return open.page
  }
  /** Role and name of what has the focus. */
  const focused = (): Promise<string> =>
    open.page.evaluate<string>(
      `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText).trim()`,
    )
  /** Presses Tab until what is wanted has the focus; fails when it never has. */
  const tabTo = async (wanted: RegExp): Promise<void> => {
    const passed: string[] = []
    for (let step = 0; step < 60; step++) {
      await open.page.keyboard.press('Tab')
      const now = await focused()
      if (wanted.test(now)) return
      passed.push(now.slice(0, 30))
    }
    throw new Error(`Tab never came to ${String(wanted)}, but to ${passed.join(' | ')}`)
  }

  it('the first stop skips to the content', async () => {
    const page = await go('stage=prod')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
  })

  it('what has the focus shows it, at every stop', async () => {
    const page = await go('tab=releases&stage=prod')
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press('Tab')
      const seen = await page.evaluate<string>(`(() => {
        const e = document.activeElement
        const shown = [e, e.nextElementSibling, e.parentElement].filter(Boolean).map((each) => getComputedStyle(each))
        const isSeen = shown.some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none')
        return isSeen ? '' : e.outerHTML.slice(0, 120)
      })()`)
      expect(seen).toBe('')
    }
  })

  it('views are links: Tab and Enter open them, and the one that is open says so', async () => {
    const page = await go('stage=prod')
    await tabTo(/^Model$/)
    await page.keyboard.press('Enter')
    await settled(page)
    await page.getByRole('heading', { level: 1, name: 'Model health' }).waitFor()
    expect(await page.getByRole('link', { name: 'Model' }).getAttribute('aria-current')).toBe('page')
  })

  it('the map has its table a link away, and a station opens from it and closes', async () => {
    const page = await go('stage=prod')
    await tabTo(/^The same as a table$/)
    await page.keyboard.press('Enter')
    await settled(page)
    const row = page.getByRole('rowheader').getByRole('link').first()
    const name = await row.innerText()
    await row.focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('region', { name: `Station ${name}` })
    await panel.waitFor()
    await panel.getByRole('button', { name: 'Close the station' }).focus()
    await page.keyboard.press('Enter')
    await panel.waitFor({ state: 'detached' })
    expect(page.url()).not.toContain('station=')
  })

  it('a table sorts by its headings, says how, and the address keeps it', async () => {
    const page = await go('tab=stations&stage=prod')
    const heading = page.getByRole('columnheader', { name: /^Bikes/ })
    await heading.getByRole('button').focus()
    await page.keyboard.press('Enter')
    expect(await heading.getAttribute('aria-sort')).toBe('descending')
    const column = async (): Promise<number[]> => {
      const at = await heading.evaluate((cell: unknown) => (cell as { cellIndex: number }).cellIndex)
      const rows = await page.getByRole('row').all()
      const texts = await Promise.all(
        rows.slice(1, 12).map((row) => row.locator('td, th').nth(at).innerText()),
      )
      return texts.map(Number)
    }
    const down = await column()
    expect(down).toEqual([...down].sort((a, b) => b - a))
    await page.keyboard.press('Space')
    expect(await heading.getAttribute('aria-sort')).toBe('ascending')
    const up = await column()
    expect(up).toEqual([...up].sort((a, b) => a - b))
    expect(page.url()).toContain('sort=bikes')
  })

  it('a dialog takes the focus, keeps it, and Escape gives it back', async () => {
    const page = await go('stage=prod')
    const button = page.getByRole('button', { name: 'Settings' })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Settings' })
    await dialog.waitFor()
    const stops = new Set<string>()
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab')
      stops.add(
        await page.evaluate<string>(
          `document.activeElement.closest('dialog') || document.activeElement === document.body ? 'within' : document.activeElement.outerHTML`,
        ),
      )
    }
    expect([...stops]).toEqual(['within'])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await focused()).toBe('Settings')
  })

  it('the search offers stations to the arrow keys', async () => {
    const page = await go('stage=prod')
    const search = page.getByRole('combobox', { name: 'Search stations' })
    await search.focus()
    await page.keyboard.type('st & 1st')
    const offered = page.getByRole('listbox').getByRole('option')
    await offered.first().waitFor()
    await page.keyboard.press('ArrowDown')
    const chosen = page.getByRole('listbox').getByRole('option', { selected: true })
    const name = await chosen.innerText()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: `Station ${name}` }).waitFor()
    expect(page.url()).toContain('station=')
  })

  it('the time machine steps and slides', async () => {
    const page = await go(`stage=prod&at=${found.past}`)
    const slider = page.getByRole('slider', { name: 'Moment shown' })
    await slider.focus()
    const before = Number(await slider.inputValue())
    await page.keyboard.press('ArrowLeft')
    await until(page, `Number(document.activeElement.value) < ${before}`)
    await settled(page)
    await page.getByRole('button', { name: 'One batch on' }).focus()
    await page.keyboard.press('Enter')
    await settled(page)
    expect(Number(await slider.inputValue())).toBe(before)
    expect(open.faults).toEqual([])
  })
})
