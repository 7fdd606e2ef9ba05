import type { Page } from 'playwright-core'
import type { Looks } from '../support/chromium.ts'
import type { Found } from '../support/views.ts'

/** One picture of docs/images. */
export interface Picture {
  /** File name without `.png`. */
  readonly name: string
  readonly query: string
  readonly looks?: Looks
  /** Done before the picture is taken: a scroll, a press. */
  readonly before?: (page: Page) => Promise<void>
  /** Charts that must have something drawn in them, at least. */
  readonly charts?: number
  readonly map?: true
}

const WIDE: Looks = { width: 1280, height: 860, calm: true }
const NARROW: Looks = { width: 390, height: 780, calm: true }

/** The pictures of README and docs. */
export function picturesOf({ station, plan, incident, past }: Found): readonly Picture[] {
  return [
    { name: 'city', query: 'stage=prod', looks: WIDE, map: true },
    { name: 'city-dark', query: 'stage=prod', looks: { ...WIDE, scheme: 'dark' }, map: true },
    { name: 'city-narrow', query: 'stage=prod', looks: NARROW, map: true },
    { name: 'station', query: `stage=prod&station=${station}`, looks: { ...WIDE, height: 1100 }, map: true },
    {
      name: 'station-narrow',
      query: `stage=prod&station=${station}`,
      looks: NARROW,
      before: (page) =>
        page
          .getByRole('region', { name: /^Station / })
          .first()
          .scrollIntoViewIfNeeded(),
    },
    { name: 'top', query: 'stage=prod&target=docks&when=later&filter=risk', looks: WIDE, map: true },
    { name: 'stations', query: 'tab=stations&stage=prod&sort=-score', looks: WIDE },
    { name: 'plan', query: `tab=plan&stage=prod&plan=${plan}`, looks: { ...WIDE, height: 1200 } },
    {
      name: 'plan-dark',
      query: `tab=plan&stage=prod&plan=${plan}`,
      looks: { ...WIDE, scheme: 'dark' },
      before: (page) => page.getByRole('img', { name: /^Sketch of/ }).scrollIntoViewIfNeeded(),
    },
    { name: 'model', query: 'tab=model&stage=prod&days=1', looks: { ...WIDE, height: 1100 }, charts: 10 },
    {
      name: 'calibration',
      query: 'tab=model&stage=prod&days=1',
      looks: WIDE,
      charts: 10,
      before: (page) =>
        page.getByRole('region', { name: 'Calibration' }).evaluate((region: { scrollIntoView(): void }) => {
          region.scrollIntoView()
        }),
    },
    { name: 'system', query: 'tab=system&stage=prod&days=1', looks: { ...WIDE, height: 1100 }, charts: 5 },
    { name: 'releases', query: 'tab=releases&stage=prod', looks: { ...WIDE, height: 1100 } },
    {
      name: 'incident',
      query: `tab=releases&stage=prod&incident=${incident}`,
      looks: { ...WIDE, height: 900 },
      charts: 6,
    },
    { name: 'time-machine', query: `stage=prod&at=${past}`, looks: WIDE, map: true },
    {
      name: 'time-machine-dark',
      query: `stage=prod&at=${past}&when=later&lang=fr`,
      looks: { ...WIDE, scheme: 'dark' },
      map: true,
    },
  ]
}
