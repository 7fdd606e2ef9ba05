// Takes the pictures of docs/images in a real browser, from the data of a demo: `npm run screenshots`.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { mustRun } from '../../support/cli.ts'
import { startChromium, type Browser } from '../support/chromium.ts'
import { ask, CITY, startDashboard, withPlan } from '../support/dashboard-process.ts'
import { drawn, mapColours, settled, sideways, slips } from '../support/look.ts'
import { findIn } from '../support/views.ts'
import { takeFilm } from './film.ts'
import { picturesOf, type Picture } from './pictures.ts'

const USAGE = `npm run screenshots -- [--data-dir DIR] [--out DIR] [--only NAME] [--video FILE]
  --data-dir DIR  a demo that was run; without it one is run (about two minutes)
  --out DIR       where the pictures go (default: docs/images)
  --only NAME     one picture alone
  --video FILE    a short film as well, as an animated WebP`
/** Most bytes of a picture. */
const LIMIT = 250_000

const { values: given } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    out: { type: 'string', default: resolve(import.meta.dirname, '../../../docs/images') },
    only: { type: 'string' },
    video: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (given.help) console.log(USAGE)
else await run()

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-screenshots-'))
  try {
    const made = join(folder, 'demo')
    if (given['data-dir'] === undefined) await mustRun(['demo', '--headless', '--data-dir', made])
    const dataDir = await withPlan(given['data-dir'] ?? made, join(folder, 'shown'))
    const dashboard = await startDashboard(dataDir)
    const browser = await startChromium()
    try {
      await takeAll(browser, dashboard.url)
    } finally {
      await browser.close()
      await dashboard.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  await mkdir(given.out, { recursive: true })
  const found = await findIn(url)
  await untilLearnt(url)
  const wanted = picturesOf(found).filter(({ name }) => given.only === undefined || name === given.only)
  if (wanted.length === 0) throw new Error(`there is no picture "${given.only ?? ''}"`)
  for (const picture of wanted) {
    const png = await take(browser, url, picture)
    await writeFile(join(given.out, `${picture.name}.png`), png)
    console.log(`${picture.name}.png  ${Math.round(png.length / 1000)} kB`)
  }
  if (given.video === undefined) return
  const film = await takeFilm(browser, { url, found, file: given.video })
  console.log(`${given.video}  ${film.frames} frames, ${Math.round(film.bytes / 1000)} kB`)
}

/** Waits until the server has learnt the demand, from which it says how many rides are lost. */
async function untilLearnt(url: string): Promise<void> {
  const end = performance.now() + 30_000
  for (;;) {
    const top = (await ask(url, `/cities/${CITY}/top?stage=prod`)) as {
      empty: { expected_shortage: number | null }[]
    }
    if (top.empty.some((one) => one.expected_shortage !== null)) return
    if (performance.now() > end) return console.log('the pictures are without expected shortages')
    await setTimeout(500)
  }
}

/** Takes one picture, or says what is wrong with the view that it would show. */
async function take(browser: Browser, url: string, picture: Picture): Promise<Uint8Array> {
  const open = await browser.open(`${url}/?${picture.query}`, picture.looks)
  const { page, faults } = open
  await settled(page)
  const wrong = [...faults, ...(await slips(page)), ...(await sideways(page))]
  const alerts = await page.getByRole('main').getByRole('alert').allInnerTexts()
  wrong.push(...alerts.map((text) => `an error is shown: ${text}`))
  const charts = await drawn(page)
  if (charts.length < (picture.charts ?? 0)) wrong.push(`${charts.length} charts of ${picture.charts ?? 0}`)
  if (charts.some((marks) => marks < 3)) wrong.push('an empty chart')
  const empty = await page.getByText('No figure in this window.').count()
  if (empty > 0) wrong.push(`${empty} charts without a figure`)
  if (picture.map && (await mapColours(page)) < 12) wrong.push('a blank map')
  await picture.before?.(page)
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  wrong.push(...faults.filter((fault) => !wrong.includes(fault)))
  if (png.length > LIMIT) wrong.push(`${png.length} bytes, more than ${LIMIT}`)
  await open.close()
  if (wrong.length > 0) throw new Error(`${picture.name} is not fit to be shown:\n${wrong.join('\n')}`)
  return png
}
