import { existsSync } from 'node:fs'
import { chromium, type BrowserContext, type Page, type Request } from 'playwright-core'

/** The browser: CHROMIUM_PATH, else Debian's; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const path = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium'
  return existsSync(path) ? path : undefined
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // WebGL by software, where there is no GPU.
  '--enable-unsafe-swiftshader',
]

/** What the software that draws WebGL says of its own speed. */
const DRIVER = /GL Driver Message \(OpenGL, Performance/

/** Requests of each page that have no answer yet; but for the stream of live updates, which never ends. */
const underWay = new WeakMap<Page, Set<Request>>()

/** Addresses of the answers that a page waits for. */
export function waitsFor(page: Page): readonly string[] {
  return [...(underWay.get(page) ?? [])].map((request) => request.url())
}

/** How a page is looked at. */
export interface Looks {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly locale?: string
  readonly calm?: boolean
}

/** A browser of its own, with a fresh profile. */
export interface Browser {
  /** A page (after `prepare` had it, still blank), and what went wrong on it: errors of the console, exceptions, requests that failed or left the server. */
  open(url: string, looks?: Looks, prepare?: (page: Page) => Promise<void>): Promise<WatchedPage>
  close(): Promise<void>
}

export interface WatchedPage {
  readonly page: Page
  readonly faults: string[]
  /** Leaves out faults that a test makes on purpose. */
  expectFaults(pattern: RegExp): void
  close(): Promise<void>
}

/** Starts Chromium. */
export async function startChromium(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined)
    throw new Error('no Chromium: set CHROMIUM_PATH, or install Debian’s chromium')
  // It makes a profile of its own, and removes it.
  const launched = await chromium.launch({ executablePath, args: [...FLAGS] })
  return {
    async open(url, looks = {}, prepare) {
      const context = await launched.newContext({
        viewport: { width: looks.width ?? 1280, height: looks.height ?? 800 },
        colorScheme: looks.scheme ?? 'light',
        locale: looks.locale ?? 'en-GB',
        reducedMotion: looks.calm === true ? 'reduce' : 'no-preference',
        acceptDownloads: true,
      })
      return watched(context, url, prepare)
    },
    close: () => launched.close(),
  }
}

async function watched(
  context: BrowserContext,
  url: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<WatchedPage> {
  const page = await context.newPage()
  const faults: string[] = []
  const expected: RegExp[] = []
  const note = (fault: string): void => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault)
  }
  const { origin } = new URL(url)
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (!DRIVER.test(message.text())) note(`console ${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`exception: ${error.message}`))
  page.on('request', (request) => {
    const to = new URL(request.url())
    if (!['data:', 'blob:'].includes(to.protocol) && to.origin !== origin)
      note(`a request left the server: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) note(`HTTP ${response.status()}: ${response.url()}`)
  })
  const waiting = new Set<Request>()
  underWay.set(page, waiting)
  page.on('request', (request) => {
    if (!request.url().includes('/api/live')) waiting.add(request)
  })
  const answered = (request: Request): void => void waiting.delete(request)
  page.on('requestfinished', answered)
  page.on('requestfailed', answered)
  page.on('crash', () => note('the page crashed'))
  await prepare?.(page)
  await page.goto(url)
  return {
    page,
    faults,
    expectFaults(pattern) {
      expected.push(pattern)
      for (let i = faults.length - 1; i >= 0; i--) if (pattern.test(faults[i] ?? '')) faults.splice(i, 1)
    },
    close: () => context.close(),
  }
}
