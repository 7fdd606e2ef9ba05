import { writeFile } from 'node:fs/promises'
import type { CDPSession, Page } from 'playwright-core'
import type { Browser } from '../support/chromium.ts'
import { settled } from '../support/look.ts'
import type { Found } from '../support/views.ts'
import { animateWebp, type Frame } from './animated-webp.ts'

const SIZE = { width: 1100, height: 740 }
const QUALITY = 70
/** Batches of the time machine that are played. */
const BATCHES = 24

/**
 * Takes a short film: the city, some hours of it played, a station with its reasons, the plan, the model, the incident.
 * Chromium takes each frame as WebP; they are put together to an animated one, so that no encoder is needed.
 */
export async function takeFilm(
  browser: Browser,
  o: { readonly url: string; readonly found: Found; readonly file: string },
): Promise<{ readonly frames: number; readonly bytes: number }> {
  const { station, plan, incident, past } = o.found
  const open = await browser.open(`${o.url}/?stage=prod&at=${past}`, { ...SIZE, calm: true })
  const { page } = open
  const session = await page.context().newCDPSession(page)
  const frames: Frame[] = []
  const take = async (milliseconds: number): Promise<void> => {
    await settled(page)
    frames.push({ webp: await webpOf(session), milliseconds })
  }
  await take(1200)
  for (let batch = 0; batch < BATCHES; batch++) {
    await page.getByRole('button', { name: 'One batch on' }).click()
    await take(220)
  }
  const tour = [
    ['stage=prod', 1800],
    [`stage=prod&station=${station}`, 2600],
    [`tab=plan&stage=prod&plan=${plan}`, 2600],
    ['tab=model&stage=prod&days=1', 2200],
    ['tab=releases&stage=prod', 2200],
    [`tab=releases&stage=prod&incident=${incident}`, 2600],
  ] as const
  for (const [query, milliseconds] of tour) {
    await page.goto(`${o.url}/?${query}`)
    await take(milliseconds)
    await scrollBy(page, 500)
    await take(milliseconds)
  }
  if (open.faults.length > 0) throw new Error(`the film is not taken:\n${open.faults.join('\n')}`)
  await open.close()
  const film = animateWebp(frames, SIZE)
  await writeFile(o.file, film)
  return { frames: frames.length, bytes: film.length }
}

async function webpOf(session: CDPSession): Promise<Uint8Array> {
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY })
  return Buffer.from(data, 'base64')
}

const scrollBy = (page: Page, pixels: number): Promise<unknown> => page.evaluate(`scrollBy(0, ${pixels})`)
