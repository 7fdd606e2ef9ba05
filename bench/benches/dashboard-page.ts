import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { State, Stations } from '../../src/core/contracts/api/city.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { startChromium, type Browser } from '../../test/browser/support/chromium.ts'
import { timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { lakesIn, startServer } from '../harness/dashboard.ts'
import { percentile } from '../harness/percentile.ts'

const SIZES = [2200, 10_000] as const
const LOADS = 5
const TABS = ['Stations', 'Model', 'System', 'Releases', 'City'] as const

/**
 * The dashboard in a real browser that draws by software: how long after navigation the map of 2,200 and of 10,000 stations
 * is drawn, by the browser's own performance entries; how long a tab and a step in time take; and the bytes of the
 * first load. The server is the built program on a demo's lake; answers about stations are those of a city so large.
 */
export async function benchDashboardPage({ folder }: BenchContext): Promise<Measurement> {
  const data = await lakesIn(folder)
  const city = (await readFile(join(data, 'default-city'), 'utf8')).trim()
  const server = await startServer(data)
  const browser = await startChromium()
  try {
    // Read ahead of the first visitor, as a server that has run for a minute has.
    await fetch(`${server.url}/api/cities/${city}/top?stage=prod`)
    const figures: Record<string, number> = {}
    let loads = 0
    const { seconds } = await timed(async () => {
      for (const size of SIZES) {
        const drawn: number[] = []
        for (let i = 0; i < LOADS; i++) {
          const load = await firstLoad(browser, server.url, city, size)
          drawn.push(load.map_ms)
          loads += 1
          if (size === SIZES[0]) Object.assign(figures, load.entries)
        }
        figures[`map_ms_${size}`] = percentile(drawn, 0.5)
        figures[`map_ms_${size}_max`] = Math.max(...drawn)
      }
      Object.assign(figures, await switches(browser, server.url))
    })
    return {
      rows: loads,
      row_unit: 'page loads',
      seconds,
      peak_rss_mb: process.resourceUsage().maxRSS / 1024,
      baseline: null,
      baseline_seconds: null,
      figures,
    }
  } finally {
    await browser.close()
    server.process.kill('SIGTERM')
    await once(server.process, 'exit')
  }
}

interface Found {
  readonly now: number
  readonly sizes: Readonly<Record<string, number>>
  readonly first_contentful_paint_ms: number
  readonly dom_content_loaded_ms: number
}

/** Runs in the page: what the browser itself measured. */
const ENTRIES = `(() => {
  const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
  return {
    now: performance.now(),
    sizes: Object.fromEntries(scripts.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])),
    first_contentful_paint_ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    dom_content_loaded_ms: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
  }
})()`

/** One visit with an empty cache; milliseconds since navigation, and bytes over the wire. */
async function firstLoad(
  browser: Browser,
  url: string,
  city: string,
  size: number,
): Promise<{ map_ms: number; entries: Record<string, number> }> {
  const opened = await browser.open(`${url}/?tab=city&stage=prod`, {}, (blank) => enlarge(blank, city, size))
  const { page } = opened
  await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 })
  const found = await page.evaluate<Found>(ENTRIES)
  const { now, sizes, ...entries } = found
  await opened.close()
  // What the page itself names; the rest is loaded when it is needed.
  const html = await (await fetch(url)).text()
  const kilobytes = (paths: readonly string[]): number =>
    paths.reduce((sum, path) => sum + (sizes[path] ?? 0), 0) / 1000
  const all = Object.keys(sizes)
  return {
    map_ms: now,
    entries: {
      ...entries,
      initial_js_kb: kilobytes(all.filter((path) => html.includes(path.slice(1)))),
      all_js_kb: kilobytes(all),
    },
  }
}

/** Answers about the stations of a city so large, in place of the lake's. */
async function enlarge(page: Page, city: string, size: number): Promise<void> {
  const random = seededRandom(size)
  const columns = Array.from({ length: size }, (_, i) => ({
    id: `station-${String(i).padStart(5, '0')}`,
    lat: 40.7 + (random() - 0.5) * 0.2,
    lon: -74 + (random() - 0.5) * 0.25,
    bikes: Math.floor(random() * 20),
    score: random() ** 4,
  }))
  const stations: Stations = {
    version: `bench-${size}`,
    station_id: columns.map(({ id }) => id),
    name: columns.map(({ id }) => `Street ${id}`),
    lat: columns.map(({ lat }) => lat),
    lon: columns.map(({ lon }) => lon),
    capacity: columns.map(() => 25),
  }
  await page.route(`**/api/cities/${city}/stations?*`, (route) => route.fulfill({ json: stations }))
  await page.route(`**/api/cities/${city}/stations`, (route) => route.fulfill({ json: stations }))
  await page.route(`**/api/cities/${city}/state*`, async (route) => {
    const state = (await (await route.fetch()).json()) as State
    const predicted = {
      endpoint: 'bikeshare-prod',
      threshold: 0.2,
      score: columns.map(({ score }) => score),
      stockout: columns.map(({ score }) => score >= 0.2),
      onset: columns.map(({ bikes }) => bikes > 2),
    }
    const large: State = {
      ...state,
      version: stations.version,
      bikes: columns.map(({ bikes }) => bikes),
      docks: columns.map(({ bikes }) => 25 - bikes),
      condition: columns.map(() => 'ok'),
      predicted: { bikes: predicted, docks: predicted },
    }
    await route.fulfill({ json: large })
  })
}

/** How long a tab takes to show its heading, and a step in time to show the batch before; each asked for once before. */
async function switches(browser: Browser, url: string): Promise<Record<string, number>> {
  const opened = await browser.open(`${url}/?tab=city&stage=prod`)
  const { page } = opened
  await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 })
  const round = async (): Promise<number[]> => {
    const took: number[] = []
    for (const tab of TABS) {
      const { seconds } = await timed(async () => {
        await page.getByRole('link', { name: tab, exact: true }).click()
        await page.locator('nav a[aria-current=page]', { hasText: tab }).waitFor()
        await settled(page)
      })
      took.push(seconds * 1000)
    }
    return took
  }
  await round()
  const tabs = [...(await round()), ...(await round())]
  const back = page.getByRole('button', { name: 'One batch back' })
  const steps: number[] = []
  for (let i = 0; i < 10; i++) {
    const before = page.url()
    const { seconds } = await timed(async () => {
      await back.click()
      await page.waitForURL((url) => url.href !== before)
      await settled(page)
    })
    if (i > 1) steps.push(seconds * 1000)
  }
  await opened.close()
  return {
    tab_ms_p50: percentile(tabs, 0.5),
    tab_ms_max: Math.max(...tabs),
    step_ms_p50: percentile(steps, 0.5),
    step_ms_max: Math.max(...steps),
  }
}

/** Nothing loads, and nothing stands for what is to come. */
async function settled(page: Page): Promise<void> {
  const waiting = page.locator('main .loading, main [aria-busy=true]')
  while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: 'detached' })
}
