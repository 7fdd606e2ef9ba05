import { afterAll, beforeAll, expect, it } from 'vitest'
import { mustRun } from '../support/cli.ts'
import { runAxe } from './support/axe.ts'
import { startChromium, type Browser, type WatchedPage } from './support/chromium.ts'
import {
  ask,
  CITY,
  copyOf,
  makeToken,
  remove,
  shownDemo,
  startDashboard,
  type DashboardProcess,
} from './support/dashboard-process.ts'
import { settled, sideways } from './support/look.ts'
import { confirmAction, lookAtAction, signIn } from './support/operator.ts'
import { describeInBrowser } from './support/suite.ts'
import { findIn, type Found } from './support/views.ts'

/** Strategies by their names in the form, and the fields that each asks for. */
const STRATEGIES = {
  'All at once': [],
  Canary: ['First share, %', 'Wait between steps, minutes'],
  Linear: ['Share of a step, %', 'Wait between steps, minutes'],
  'A/B': ['Shares of the candidate, %', 'Watch at least, minutes', 'Give up after, minutes'],
  Shadow: ['Watch at least, minutes', 'Give up after, minutes'],
} as const

interface Releases {
  readonly serving: readonly {
    endpoint: string
    by: string
    serves: { variants: { model_version: string }[] }
  }[]
  readonly active: { readonly by: string; readonly step: number; readonly phase: string } | null
  readonly history: readonly { readonly action: string; readonly by: string; readonly why: string }[]
  readonly waivers: readonly { readonly by: string; readonly why: string }[]
}

describeInBrowser('what an operator does', () => {
  let dataDir: string
  let dashboard: DashboardProcess
  let browser: Browser
  let open: WatchedPage
  let found: Found

  beforeAll(async () => {
    dataDir = await copyOf(await shownDemo())
    dashboard = await startDashboard(dataDir)
    browser = await startChromium()
    found = await findIn(dashboard.url)
    open = await browser.open(`${dashboard.url}/?tab=releases&stage=prod`)
    await settled(open.page)
  })
  afterAll(async () => {
    await browser.close()
    await dashboard.close()
    await remove(dataDir)
  })

  const go = async (query: string): Promise<void> => {
    await open.page.goto(`${dashboard.url}/?${query}`)
    await settled(open.page)
  }
  const releases = async (): Promise<Releases> =>
    (await ask(dashboard.url, `/cities/${CITY}/releases`)) as Releases
  /** A dialog passes axe, and fits. */
  const isSound = async (): Promise<void> => {
    expect({ axe: (await runAxe(open.page)).violations, sideways: await sideways(open.page) }).toEqual({
      axe: [],
      sideways: [],
    })
  }

  it('takes a token: who is not signed in, or only looks, is told so in words and changes nothing', async () => {
    const { page } = open
    await page.getByRole('button', { name: /^Roll back/ }).click()
    const why = page.getByRole('dialog', { name: 'Roll back' })
    expect(await why.innerText()).toContain('Only an operator may do this.')
    await why.getByRole('button', { name: 'Close' }).click()

    open.expectFaults(/401/)
    await signIn(page, 'bks_000000000000_none')
    const dialog = page.getByRole('dialog', { name: 'Sign in' })
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByRole('alert').innerText()).toContain('no lake here knows this token')
    await isSound()
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await signIn(page, await makeToken(dataDir, 'van 3', 'viewer'))
    await page.getByText('Signed in as van 3 (viewer)').waitFor()
    await page.getByRole('button', { name: /^Promote/ }).click()
    expect(await page.getByRole('dialog', { name: 'Promote' }).innerText()).toContain(
      'a viewer’s token looks only',
    )
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
  })

  it('a token that is revoked while its dialog stands open is refused in words', async () => {
    const { page } = open
    await signIn(page, await makeToken(dataDir, 'gone', 'operator'))
    await page.getByText('Signed in as gone (operator)').waitFor()
    await page.getByRole('button', { name: /^Waive PSI/ }).click()
    await mustRun(['token', 'revoke', 'gone', '--data-dir', dataDir])
    const dialog = page.getByRole('dialog', { name: 'Waive PSI' })
    await dialog.getByLabel(/is recorded/).fill('a holiday')
    await dialog.getByRole('button', { name: 'Look at what will change' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByRole('alert').innerText()).toMatch(/sign in|signed in/i)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await releases()).waivers).toEqual([])
    await go('tab=releases&stage=prod')
  })

  it('signs in as an operator', async () => {
    await signIn(open.page, await makeToken(dataDir, 'ann', 'operator'))
    await open.page.getByText('Signed in as ann (operator)').waitFor()
    expect(await open.page.getByRole('button', { name: 'Sign out' }).count()).toBe(1)
  })

  it('rollback: names what will change, takes the endpoint’s name, and stands in the history by its operator', async () => {
    const { page } = open
    const before = await releases()
    await page.getByRole('button', { name: /^Roll back/ }).click()
    const seen = await lookAtAction(page, 'Roll back', 'the evening looks odd')
    expect(seen).toMatch(/bikeshare-prod: \S+ → \S+, at once/)
    expect(seen).toContain('bikeshare rollback --city demo --target both')
    await isSound()
    const dialog = page.getByRole('dialog', { name: 'Roll back' })
    const button = dialog.getByRole('button', { name: 'Roll bikeshare-prod back' })
    expect(await button.isDisabled()).toBe(true)
    await confirmAction(page, 'Roll back', 'Roll bikeshare-prod back', 'bikeshare-prod')
    const row = page.getByRole('region', { name: 'History' }).getByRole('row').filter({ hasText: 'ann' })
    await row.first().waitFor()
    expect(await row.first().innerText()).toContain('the evening looks odd')
    const after = await releases()
    expect(after.serving).not.toEqual(before.serving)
    expect(after.history.filter(({ by }) => by === 'ann').map(({ action }) => action)).toContain('rollback')
  })

  it('promote: each strategy asks for what is its own, and says what is wrong with it', async () => {
    const { page } = open
    await page.getByRole('button', { name: /^Promote/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Promote' })
    for (const [name, fields] of Object.entries(STRATEGIES)) {
      await dialog.getByLabel('Strategy').selectOption({ label: name })
      for (const field of fields) expect(await dialog.getByLabel(field).count()).toBe(1)
      expect(await dialog.getByRole('textbox').count()).toBe(fields.length + 1)
    }
    await isSound()
    await dialog.getByLabel('Strategy').selectOption({ label: 'A/B' })
    await dialog.getByLabel('Shares of the candidate, %').fill('50, 20')
    await dialog.getByRole('button', { name: 'Look at what will change' }).click()
    await dialog.getByText('The shares must grow.').waitFor()
    expect(await dialog.innerText()).toContain('Say why: it is recorded.')
    await isSound()
    await dialog.getByLabel('Shares of the candidate, %').fill('20, 50, 100')
  })

  it('promote: an A/B begins, is shown under way, and goes to its next step', async () => {
    const { page } = open
    const seen = await lookAtAction(page, 'Promote', 'staging served well for a day')
    expect(seen).toMatch(/bikeshare-prod: \S+ → \S+/)
    expect(seen).toContain('--strategy ab')
    await confirmAction(page, 'Promote', 'Promote to bikeshare-prod', 'bikeshare-prod')
    expect((await releases()).active).toMatchObject({ by: 'ann' })
    const underWay = page.getByRole('region', { name: 'Under way' })
    await underWay.getByText('promotion').first().waitFor()
    expect(await underWay.innerText()).toContain('asked for by ann')
    await isSound()
    // What moves between a preview and its confirmation has to be looked at again.
    await expect.poll(async () => (await releases()).active?.phase, { timeout: 60_000 }).toBe('baking')

    await underWay.getByRole('button', { name: /next step/i }).click()
    const step = await lookAtAction(page, 'Go to the next step', 'nothing odd so far')
    expect(step).toContain('--next-step')
    await confirmAction(page, 'Go to the next step', 'Go to the next step')
    await underWay
      .getByText(/step 2 of 3/)
      .first()
      .waitFor()
    expect(await releases()).toMatchObject({ active: { step: 1 } })
  })

  it('waive: with its end and its operator among the waivers', async () => {
    const { page } = open
    await page.getByRole('button', { name: /^Waive PSI/ }).click()
    const seen = await lookAtAction(page, 'Waive PSI', 'a marathon moves everything')
    expect(seen).toContain('bikeshare gate waive')
    await confirmAction(page, 'Waive PSI', 'Waive PSI')
    const waivers = page.getByRole('region', { name: 'Waivers' })
    await waivers.getByText('a marathon moves everything').waitFor()
    expect(await waivers.innerText()).toContain('ann')
  })

  it('silence: an alarm, from the system’s view', async () => {
    const { page } = open
    await go('tab=system&stage=prod')
    const alarms = page.getByRole('region', { name: 'Alarms', exact: true })
    const silences = alarms.getByRole('button', { name: /^Silence/ })
    if ((await silences.count()) === 0) await alarms.getByRole('group').first().locator('summary').click()
    await silences.first().click()
    const seen = await lookAtAction(page, 'Silence an alarm', 'the feed is being repaired')
    expect(seen).toContain('bikeshare alarms silence')
    await confirmAction(page, 'Silence an alarm', 'Silence an alarm')
    await alarms
      .getByText(/by ann until/)
      .first()
      .waitFor()
  })

  it('an incident: a note, then its cause, both by their operator', async () => {
    const { page } = open
    await go(`tab=releases&incident=${found.incident}`)
    await page.getByRole('button', { name: /^Add a note/ }).click()
    await lookAtAction(page, 'Add a note', 'the docks model was packed as one of bikes')
    await confirmAction(page, 'Add a note', 'Add a note')
    const notes = page.getByRole('region', { name: 'Notes' })
    await notes.getByText('the docks model was packed').waitFor()
    expect(await notes.innerText()).toContain('ann')

    await page.getByRole('button', { name: /^Close the incident/ }).click()
    await lookAtAction(page, 'Close the incident', 'a wrong package; the check now refuses it')
    await confirmAction(page, 'Close the incident', 'Close the incident')
    await page.getByRole('definition').filter({ hasText: 'a wrong package' }).waitFor()
    expect(await page.getByRole('main').innerText()).toMatch(/by ann, /)
  })

  it('signs out, and is nobody again', async () => {
    await open.page.getByRole('button', { name: 'Sign out' }).click()
    await open.page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()
    await open.page.getByRole('button', { name: /^Add a note/ }).click()
    expect(await open.page.getByRole('dialog').innerText()).toContain('Only an operator may do this.')
    await open.page.keyboard.press('Escape')
    expect(open.faults).toEqual([])
  })
})
