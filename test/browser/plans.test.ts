import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
import { signIn } from './support/operator.ts'
import { describeInBrowser } from './support/suite.ts'

interface Plans {
  readonly plans: readonly {
    readonly id: string
    readonly state: string
    readonly no_plan_reason: string | null
    readonly events: readonly { readonly by: string; readonly action: string; readonly why: string }[]
  }[]
}

describeInBrowser('rebalancing plans', () => {
  let dataDir: string
  let dashboard: DashboardProcess
  let browser: Browser
  let open: WatchedPage

  beforeAll(async () => {
    dataDir = await copyOf(await shownDemo())
    dashboard = await startDashboard(dataDir)
    browser = await startChromium()
    open = await browser.open(`${dashboard.url}/?tab=plan`)
    await settled(open.page)
    await signIn(open.page, await makeToken(dataDir, 'bob', 'operator'))
    await open.page.getByText('Signed in as bob (operator)').waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await dashboard.close()
    await remove(dataDir)
  })

  const plans = async (): Promise<Plans['plans']> =>
    ((await ask(dashboard.url, `/cities/${CITY}/plans`)) as Plans).plans
  const isSound = async (): Promise<void> => {
    expect({ axe: (await runAxe(open.page)).violations, sideways: await sideways(open.page) }).toEqual({
      axe: [],
      sideways: [],
    })
  }
  const make = async (trucks: string): Promise<void> => {
    const form = open.page.getByRole('region', { name: 'Make a plan' })
    await form.getByLabel(/^Trucks/).fill(trucks)
    await form.getByLabel(/^Search at most/).fill('5')
    await form.getByRole('button', { name: 'Make the plan' }).click()
  }

  it('depots, crews and closed stations are set, what is wrong is marked first, and who set them is said', async () => {
    const { page } = open
    const panel = page.getByRole('region', { name: 'Depots, crews, closed stations' })
    await panel.getByRole('button', { name: /^Change/ }).click()
    await panel.getByRole('button', { name: 'Add a depot' }).click()
    await panel.getByLabel('Id', { exact: true }).fill('north')
    await panel.getByLabel('Latitude').fill('141.93')
    await panel.getByLabel('Longitude').fill('-74.91')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('Some values cannot be used. They are marked.').waitFor()
    await isSound()
    await panel.getByLabel('Latitude').fill('41.93')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText(/1 depot, 0 crews on duty, 0 closed stations/).waitFor()
    await panel.getByText(/set by bob/).waitFor()
    expect(await panel.getByText('Some values cannot be used.').count()).toBe(0)
  })

  it('a conflict: who saves over what somebody set meanwhile is asked which to keep', async () => {
    const { page } = open
    const panel = page.getByRole('region', { name: 'Depots, crews, closed stations' })
    const other = await browser.open(`${dashboard.url}/?tab=plan`)
    await settled(other.page)
    await signIn(other.page, await makeToken(dataDir, 'eve', 'operator'))
    await other.page.getByText('Signed in as eve (operator)').waitFor()
    const theirs = other.page.getByRole('region', { name: 'Depots, crews, closed stations' })
    for (const each of [panel, theirs]) await each.getByRole('button', { name: /^Change/ }).click()
    await theirs.getByLabel('Name').fill('Their depot')
    await theirs.getByRole('button', { name: 'Save' }).click()
    await theirs.getByText(/set by eve/).waitFor()
    await other.close()

    open.expectFaults(/409|412/)
    await panel.getByLabel('Name').fill('My depot')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('Somebody else has set them meanwhile.').waitFor()
    await isSound()
    await panel.getByRole('button', { name: 'Keep mine and save over theirs' }).click()
    await panel.getByText(/set by bob/).waitFor()
    const { constraints } = (await ask(dashboard.url, `/cities/${CITY}/plans/constraints`)) as {
      constraints: { depots: { name: string }[] }
    }
    expect(constraints.depots.map(({ name }) => name)).toEqual(['My depot'])
  })

  it('a plan is made, shown with its proven gap beside the greedy one, and accepted', async () => {
    const { page } = open
    const before = await plans()
    await make('2')
    await page.getByText('The plan is being made').waitFor()
    await page.getByText(/The plan is there: .* lost rides avoided/).waitFor({ timeout: 120_000 })
    const made = (await plans()).find(({ id }) => before.every((old) => old.id !== id))
    expect(made).toMatchObject({ state: 'proposed', events: [{ by: 'bob', action: 'proposed' }] })
    await settled(page)
    expect(page.url()).toContain(`plan=${made?.id ?? ''}`)
    const brings = page.getByRole('region', { name: 'What it brings' })
    expect(await brings.innerText()).toMatch(/Proven gap\s+([\d.]+%|–\s+no bound was proven)/)
    await page.getByRole('columnheader', { name: 'Greedy plan' }).waitFor()
    await page.getByRole('img', { name: /Sketch of \d+ routes/ }).waitFor()
    await isSound()

    await page.getByRole('button', { name: /^Accept/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Accept/ })
      .click()
    await page
      .getByRole('region', { name: 'What happened to it' })
      .getByText(/accepted, bob/)
      .waitFor()
    expect((await plans()).find(({ id }) => id === made?.id)).toMatchObject({ state: 'accepted' })
  })

  it('its stops are a CSV, and what is printed is the plan without the page around it', async () => {
    const { page } = open
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^Download Plan as CSV/ }).click(),
    ])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv.split('\n')[0]).toMatch(/truck.*station/)
    expect(csv.trimEnd().split('\n').length).toBeGreaterThan(2)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('navigation', { name: 'Views' }).isVisible()).toBe(false)
    expect(await page.getByRole('region', { name: 'Make a plan' }).isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: /^Truck 1/ }).isVisible()).toBe(true)
    await page.emulateMedia({ media: 'screen' })
  })

  it('a plan is rejected only with a reason', async () => {
    const { page } = open
    await make('1')
    await page.getByText(/The plan is there/).waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: /^Reject/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Reject/ }).click()
    await dialog.getByRole('textbox').fill('the truck is broken')
    await dialog.getByRole('button', { name: /^Reject/ }).click()
    const events = page.getByRole('region', { name: 'What happened to it' })
    await events.getByText(/rejected, bob/).waitFor()
    expect(await events.innerText()).toContain('the truck is broken')
  })

  it('a request that cannot be is refused in the form', async () => {
    const { page } = open
    await make('0')
    await page.getByText('Some values cannot be used. They are marked.').waitFor()
    expect(
      await page
        .getByLabel(/^Trucks/)
        .first()
        .getAttribute('aria-invalid'),
    ).toBe('true')
  })
})
