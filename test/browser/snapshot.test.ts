import { createReadStream, existsSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mustRun } from '../support/cli.ts'
import { runAxe } from './support/axe.ts'
import { startChromium, type Browser } from './support/chromium.ts'
import { remove, shownDemo, startDashboard } from './support/dashboard-process.ts'
import { hasItsParts, mapColours, settled, sideways } from './support/look.ts'
import { describeInBrowser } from './support/suite.ts'
import { findIn, viewsOf, type View } from './support/views.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** The dumbest web host there is: files, by their names, below a path of its own. */
async function serveFolder(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
    const file = join(folder, path.replace(/^\/bikes\//, '').replace(/^$/, 'index.html'))
    if (!path.startsWith('/bikes/') || !existsSync(file) || !statSync(file).isFile())
      response.writeHead(404).end('none')
    else {
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
      createReadStream(file).pipe(response)
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bikes/`, server }
}

describeInBrowser('a snapshot on any web host', () => {
  let folder: string
  let host: { url: string; server: Server }
  let browser: Browser
  let views: readonly View[]

  beforeAll(async () => {
    const dataDir = await shownDemo()
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-site-'))
    const asked = ['dashboard', 'export', join(folder, 'site'), '--data-dir', dataDir]
    await mustRun([...asked, '--hours', '1', '--stations', '6'])
    const dashboard = await startDashboard(dataDir)
    views = viewsOf(await findIn(dashboard.url))
    await dashboard.close()
    host = await serveFolder(join(folder, 'site'))
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser.close()
    host.server.close()
    await remove(folder)
  })

  it.each(['city', 'station', 'stations', 'plan', 'model', 'system', 'releases', 'incident'])(
    'shows %s, says that it is a snapshot, and lets nobody act',
    async (name) => {
      const it = views.find((each) => each.name === name)
      if (it === undefined) throw new Error(`there is no view ${name}`)
      const open = await browser.open(`${host.url}?${it.query}`)
      await settled(open.page)
      await hasItsParts(open.page, it)
      expect(await open.page.getByRole('banner').innerText()).toContain('Snapshot')
      expect(await open.page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
      if (it.map === true) expect(await mapColours(open.page)).toBeGreaterThan(12)
      expect({
        faults: open.faults,
        axe: (await runAxe(open.page)).violations,
        sideways: await sideways(open.page),
      }).toEqual({ faults: [], axe: [], sideways: [] })
      await open.close()
    },
  )

  it('goes back in time as far as it was told to', async () => {
    const open = await browser.open(`${host.url}?stage=prod`)
    await settled(open.page)
    await open.page.getByRole('button', { name: 'One batch back' }).click()
    await settled(open.page)
    await open.page.getByText('You look at a moment of the past').waitFor()
    expect(open.faults).toEqual([])
    await open.close()
  })
})
