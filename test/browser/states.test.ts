import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { runAxe } from './support/axe.ts'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import {
  CITY,
  copyOf,
  remove,
  shownDemo,
  startDashboard,
  type DashboardProcess,
} from './support/dashboard-process.ts'
import { emptyLake } from './support/empty-lake.ts'
import { hasItsParts, settled, sideways, slips, until } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'
import { openTally } from './support/tally.ts'
import { findIn, VIEW_NAMES, viewsOf, type View } from './support/views.ts'

const TABS = ['city', 'stations', 'plan', 'model', 'system', 'releases'] as const
/** What the server says of a fault, as the API words it. */
const PROBLEM = {
  error: {
    code: 'UNAVAILABLE',
    message: 'the lake cannot be read: the disk is away',
    hint: 'Mount it again.',
  },
}

const answerOf = ({ answer }: View): string => `**/api/cities/${CITY}/${answer.path}`

describeInBrowser('every view, in every state', () => {
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
  const isSound = async ({ page, faults }: WatchedPage, name: string, state: string): Promise<void> => {
    tally.look(name, state)
    const { rules, violations } = await runAxe(page)
    tally.rules(rules)
    expect({ violations, faults, sideways: await sideways(page), slips: await slips(page) }).toEqual({
      violations: [],
      faults: [],
      sideways: [],
      slips: [],
    })
  }
  const openPrepared = async (
    it: View,
    prepare: (page: Page, answer: string) => Promise<unknown>,
  ): Promise<WatchedPage> => {
    const open = await browser.open(`${dashboard.url}/?${it.query}`, {}, async (page) => {
      await prepare(page, answerOf(it))
    })
    onTestFinished(() => open.close())
    return open
  }

  it.each(VIEW_NAMES)('%s: loading, then there', async (name) => {
    const it = view(name)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const open = await openPrepared(it, (page, answer) =>
      page.route(answer, async (route) => {
        await held
        await route.continue()
      }),
    )
    await open.page.getByRole('heading', { level: 1 }).waitFor()
    await open.page.getByRole('main').getByRole('status').filter({ hasText: /…$/ }).first().waitFor()
    await isSound(open, name, 'loading')
    release()
    await settled(open.page)
    await hasItsParts(open.page, it)
    expect(open.faults).toEqual([])
  })

  it.each(VIEW_NAMES)(
    '%s: an answer that fails is told in the server’s words, and tried again',
    async (name) => {
      const it = view(name)
      const open = await openPrepared(it, (page, answer) =>
        page.route(answer, (route) => route.fulfill({ status: 503, json: PROBLEM })),
      )
      open.expectFaults(/503/)
      const alert = open.page.getByRole('alert').filter({ hasText: 'the disk is away' }).first()
      await alert.waitFor()
      expect(await alert.innerText()).toContain('Mount it again.')
      await isSound(open, name, 'error')
      await open.page.unroute(answerOf(it))
      // One answer may feed several parts of a view, whose buttons go with the first that is pressed.
      const again = open.page.getByRole('button', { name: 'Try again' })
      while ((await again.count()) > 0)
        await again
          .first()
          .click({ timeout: 2000 })
          .catch(() => undefined)
      await settled(open.page)
      await hasItsParts(open.page, it)
      expect(open.faults).toEqual([])
    },
  )

  it('an empty lake: each view says what is missing, and makes up no figure', async () => {
    const dataDir = await emptyLake(CITY)
    onTestFinished(() => remove(dataDir))
    const empty = await startDashboard(dataDir)
    onTestFinished(() => empty.close())
    const open = await browser.open(empty.url)
    for (const tab of TABS) {
      await open.page.goto(`${empty.url}/?tab=${tab}`)
      await settled(open.page)
      expect(await open.page.getByRole('heading', { level: 1 }).count()).toBe(1)
      await isSound(open, tab, 'empty lake')
      const said = await open.page.getByRole('main').innerText()
      expect(said).toMatch(/no |none|nothing|not known/i)
      expect(said).not.toMatch(/\bLive\b/)
    }
    await open.close()
  })

  it('stale data are marked with their age, and never called live', async () => {
    const dataDir = await copyOf(await shownDemo())
    onTestFinished(() => remove(dataDir))
    // The clock of the lake goes on by three hours in which nothing came.
    const path = join(dataDir, CITY, 'lake.json')
    const lake = JSON.parse(await readFile(path, 'utf8')) as { virtual_now: number }
    await writeFile(path, JSON.stringify({ ...lake, virtual_now: lake.virtual_now + 3 * 3600 }))
    const old = await startDashboard(dataDir)
    onTestFinished(() => old.close())
    const open = await browser.open(old.url)
    for (const tab of TABS) {
      await open.page.goto(`${old.url}/?tab=${tab}&stage=prod`)
      await settled(open.page)
      await until(open.page, `document.querySelector('main').innerText.includes('not live')`)
      const header = await open.page.getByRole('banner').innerText()
      expect(header).toContain('Stale')
      expect(header).toMatch(/3 (hr|hours?)/)
      expect(header).not.toMatch(/\bLive\b/)
      await isSound(open, tab, 'stale')
    }
    await open.close()
  })

  it('a moment of the past is said to be one, in every view that has a past', async () => {
    const at = view('time machine').query.replace('stage=prod', '')
    const open = await browser.open(`${dashboard.url}/`)
    for (const tab of TABS.filter((each) => each !== 'plan')) {
      await open.page.goto(`${dashboard.url}/?tab=${tab}&stage=prod${at}`)
      await settled(open.page)
      await open.page.getByText('You look at a moment of the past').waitFor()
      expect(await open.page.getByRole('banner').innerText()).toContain('Past')
      await isSound(open, tab, 'past moment')
    }
    await open.page.getByRole('button', { name: 'Back to the newest' }).click()
    await open.page.getByText('You look at a moment of the past').waitFor({ state: 'detached' })
    expect(open.page.url()).not.toContain('at=')
    await open.close()
  })

  it('a public server shows the city, lets nobody sign in, and breaks in no view', async () => {
    const shown = await startDashboard(await shownDemo(), ['--public'])
    onTestFinished(() => shown.close())
    const open = await browser.open(shown.url)
    open.expectFaults(/403/)
    for (const tab of TABS) {
      await open.page.goto(`${shown.url}/?tab=${tab}&stage=prod`)
      await settled(open.page)
      expect(await open.page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
      await isSound(open, tab, 'public')
    }
    await open.page.goto(`${shown.url}/?stage=prod`)
    await settled(open.page)
    await open.page.getByRole('region', { name: 'Map of stations' }).waitFor()
    const refused = await fetch(`${shown.url}/api/cities/${CITY}/model?stage=prod&target=bikes`)
    expect(refused.status).toBe(403)
    await open.close()
  })

  it('the server killed under open pages: each says so and keeps what it has; restarted, each is fresh again', async () => {
    const dataDir = await shownDemo()
    const first = await startDashboard(dataDir)
    const names = ['city', 'stations', 'plan', 'model', 'system', 'releases', 'incident'] as const
    const pages = new Map<string, WatchedPage>()
    for (const name of names) {
      const open = await browser.open(`${first.url}/?${view(name).query}`)
      onTestFinished(() => open.close())
      open.expectFaults(
        /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/,
      )
      await settled(open.page)
      pages.set(name, open)
    }
    await first.kill()
    for (const [name, open] of pages) {
      await open.page.getByText('The server does not answer. What is shown is as of').waitFor()
      expect(await open.page.getByRole('banner').innerText()).toContain('Offline')
      await hasItsParts(open.page, view(name))
      await isSound(open, name, 'server killed')
    }
    const second = await startDashboard(dataDir, ['--port', String(first.port)])
    onTestFinished(() => second.close())
    for (const [name, open] of pages) {
      await open.page.getByText('The server does not answer').waitFor({ state: 'detached' })
      expect(await open.page.getByRole('banner').innerText()).not.toContain('Offline')
      await settled(open.page)
      await hasItsParts(open.page, view(name))
      expect(open.faults).toEqual([])
    }
  })
})
