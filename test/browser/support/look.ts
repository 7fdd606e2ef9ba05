import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { waitsFor } from './chromium.ts'
import type { View } from './views.ts'

const PATIENCE_MS = 30_000

/** Waits until an expression holds in the page. Playwright's own way is an `eval`, which the page's policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  const held = await page.evaluate<boolean>(`new Promise((done) => {
    const end = performance.now() + ${PATIENCE_MS}
    const look = () => {
      if (${expression}) done(true)
      else if (performance.now() > end) done(false)
      else requestAnimationFrame(look)
    }
    look()
  })`)
  if (held) return
  const text = await page.getByRole('main').innerText()
  throw new Error(`${page.url()}: not within ${PATIENCE_MS} ms: ${expression}\n${text.slice(0, 1500)}`)
}

/** Nothing of the page says that it is being loaded, and no chart is still to be drawn. */
const IS_SETTLED = `document.querySelector('main h1, main [role=alert], main .empty') !== null &&
  [...document.querySelectorAll('main [role=status]')].every((e) => !/…$/.test(e.textContent.trim())) &&
  document.querySelector('main [aria-busy=true]') === null &&
  [...document.querySelectorAll('main .plot')].every((e) => e.querySelector('svg, canvas'))`
/** So many looks in a row, a frame or more apart: what one answer brings may ask for another. */
const LOOKS = 4

/** Waits until nothing on the page is being loaded or redrawn. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('main').waitFor()
  const end = performance.now() + PATIENCE_MS
  for (let calm = 0; calm < LOOKS;) {
    await until(page, IS_SETTLED)
    // Two frames: what React has, the browser has drawn.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    calm = waitsFor(page).length === 0 ? calm + 1 : 0
    if (performance.now() > end) throw new Error(`${page.url()} waits for ${waitsFor(page).join(', ')}`)
  }
}

/** One heading of the first level, the landmarks, and the view's regions. */
export async function hasItsParts(page: Page, view: View): Promise<void> {
  await heading(page, view.heading)
  for (const role of ['banner', 'main', 'contentinfo'] as const)
    expect(await page.getByRole(role).count()).toBe(1)
  expect(await page.getByRole('navigation', { name: 'Views' }).count()).toBe(1)
  for (const name of view.regions) await page.getByRole('region', { name }).first().waitFor()
}

export async function heading(page: Page, name: RegExp): Promise<void> {
  const first = page.getByRole('heading', { level: 1 })
  await first.first().waitFor()
  expect(await first.allTextContents()).toEqual([expect.stringMatching(name)])
}

/** What makes people scroll the page sideways to read it: elements that stick out of the window, as words. */
export async function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const out = [...document.querySelectorAll('body *')].filter((e) =>
      e.checkVisibility() && e.getBoundingClientRect().right > clientWidth + 0.5 && !e.closest('.table-scroll, .map-frame'))
    const inner = out.filter((e) => !out.some((other) => other !== e && e.contains(other)))
    return [scrollWidth + ' px wide in a window of ' + clientWidth,
      ...inner.map((e) => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 60))]
  })()`)
}

/** Words in the text of the page that no person should read. */
export async function slips(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText()
  return text.split('\n').filter((line) => /\b(NaN|undefined|null|Infinity)\b|\[object /.test(line))
}

/** Pairs of panels, fields, buttons or headings that lie over one another, as words. */
export async function overlaps(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    const boxes = [...document.querySelectorAll('main section, header button, header select, header input[type=search], nav a, main h1, main h2, main h3, main button, main figure')]
      .filter((e) => shown(e) && !e.closest('dialog, .map-frame, .hidden'))
      .map((e) => ({ e, box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 2 && box.height > 2)
    const say = ({ e, box }) => e.tagName + ' ' + (e.getAttribute('aria-label') ?? e.textContent).trim().slice(0, 40) + ' @' + Math.round(box.left) + ',' + Math.round(box.top)
    const found = []
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) {
        if (a.e.contains(b.e) || b.e.contains(a.e)) continue
        const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (x > 2 && y > 2) found.push(say(a) + ' / ' + say(b))
      }
    return found
  })()`)
}

/** Texts that do not fit into what holds them and are cut off there. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('button, nav a, h1, h2, h3, label, dt, dd')]
    .filter((e) => e.checkVisibility() && !e.closest('.hidden') && e.clientWidth > 2 &&
      getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)
    .map((e) => e.tagName + ': ' + e.textContent.trim().slice(0, 60))`)
}

/** Of each chart that is on the page: how many different things are drawn in it. */
export async function drawn(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`[...document.querySelectorAll('main [role=img]')]
    .filter((e) => e.querySelector('svg, canvas') || e.tagName === 'svg')
    .map((e) => {
      const canvas = e.querySelector('canvas')
      if (!canvas) return (e.tagName === 'svg' ? e : e.querySelector('svg')).querySelectorAll('path, rect, circle, line, polyline').length
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      const colours = new Set()
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
      return colours.size
    })`)
}

/** How many colours the map has: a blank one has one or two. Read from a picture, since WebGL keeps no pixels. */
export async function mapColours(page: Page): Promise<number> {
  const map = page.getByRole('region', { name: /^(Map of stations|Carte des stations)$/ })
  await map.scrollIntoViewIfNeeded()
  const png = (await map.screenshot({ type: 'png' })).toString('base64')
  return page.evaluate<number>(`(async () => {
    const bytes = Uint8Array.from(atob('${png}'), (c) => c.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const context = canvas.getContext('2d')
    context.drawImage(picture, 0, 0)
    const { data } = context.getImageData(0, 0, picture.width, picture.height)
    const colours = new Set()
    for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
    return colours.size
  })()`)
}
