import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Plan } from '../../../../src/core/contracts/plan.ts'
import { fakeApi, NOBODY, refusal, type Asked } from '../../../test/fake-api.ts'
import { renderView } from '../../../test/render-view.tsx'
import { aPlan } from '../../../test/sample-plan.ts'
import type { ConstraintsAnswer, PlanListed } from './plan-types.ts'
import { PlanView } from './plan-view.tsx'

const CONSTRAINTS: ConstraintsAnswer = {
  constraints: aPlan().constraints,
  etag: null,
}
const listed = (plan: Plan): PlanListed => ({
  ...plan,
  trucks: plan.routes.length,
  stops: 2,
  bikes: 5,
  greedy_objective: plan.greedy.objective,
  score: null,
})
const answers = (plan: Plan | undefined) => ({
  'GET /cities/demo/plans': { timezone: 'UTC', plans: plan === undefined ? [] : [listed(plan)] },
  'GET /cities/demo/plans/constraints': CONSTRAINTS,
  'GET /cities/demo/stations': {
    version: '1',
    station_id: ['s1', 's2'],
    name: ['A', 'B'],
    lat: [0, 0],
    lon: [0, 0],
    capacity: [1, 1],
  },
  ...(plan === undefined ? {} : { [`GET /cities/demo/plans/${plan.id}`]: { plan, score: null } }),
})
const sent = (asked: readonly Asked[], method: string) => asked.filter((each) => each.method === method)

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a plan', () => {
  it('stands beside the greedy one, with its gap and its stops', async () => {
    fakeApi(answers(aPlan()))
    renderView(<PlanView />)
    const result = await screen.findByRole('table', { name: 'What it brings' })
    expect(within(result).getAllByRole('row')[1]?.textContent).toBe('Lost rides avoided3.53')
    expect(screen.getByText('14.3%')).toBeTruthy()
    const stops = screen.getByRole('table', { name: 'Truck 1, crew red' })
    expect(within(stops).getByText('take 5')).toBeTruthy()
    expect(within(stops).getByText('bring 5')).toBeTruthy()
    expect(within(stops).getAllByText('20:09')).toHaveLength(2)
    expect(screen.getByRole('img', { name: /1 routes with 2 stops/ })).toBeTruthy()
  })

  it('shows hostile names as the text that they are', async () => {
    fakeApi(answers(aPlan()))
    const { container } = renderView(<PlanView />)
    expect((await screen.findByText('<b>Bold</b> St')).tagName).toBe('BDI')
    expect(container.querySelector('b')).toBeNull()
  })

  it('that moves nothing says why, and is not to be decided on', async () => {
    fakeApi(answers(aPlan({ no_plan_reason: 'no crew is on duty', routes: [] })))
    renderView(<PlanView />)
    expect(await screen.findByText('no crew is on duty')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /Accept/ })).toBeNull()
  })

  it('is rejected with a reason, and not without', async () => {
    const plan = aPlan()
    const asked = fakeApi({
      ...answers(plan),
      [`POST /cities/demo/plans/${plan.id}/decision`]: { plan: { ...plan, state: 'rejected' }, score: null },
    })
    renderView(<PlanView />)
    fireEvent.click(await screen.findByRole('button', { name: 'Reject …' }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.click(dialog.getByRole('button', { name: 'Reject' }))
    expect(dialog.getByText('Say why it is rejected: it is recorded.')).toBeTruthy()
    expect(sent(asked, 'POST')).toEqual([])
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: 'snow' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Reject' }))
    expect(await screen.findByText('The plan is rejected.')).toBeTruthy()
    expect(sent(asked, 'POST')[0]?.body).toEqual({ decision: 'reject', why: 'snow' })
  })
})

describe('making a plan', () => {
  it('sends what was filled in, and shows the plan that came', async () => {
    const plan = aPlan()
    const asked = fakeApi({ ...answers(undefined), 'POST /cities/demo/plans': { plan, score: null } })
    renderView(<PlanView />)
    expect(await screen.findByText('No plan was made yet.')).toBeTruthy()
    fireEvent.change(screen.getByRole('textbox', { name: 'Trucks' }), { target: { value: '3' } })
    await clickWhenAllowed('Make the plan')
    await waitFor(() => {
      expect(window.location.search).toContain(plan.id)
    })
    expect(sent(asked, 'POST').map(({ body }) => body)).toEqual([{ trucks: 3 }])
  })

  it('marks what cannot be used and sends nothing', async () => {
    const asked = fakeApi(answers(undefined))
    renderView(<PlanView />)
    await screen.findByText('No plan was made yet.')
    const field = screen.getByRole('textbox', { name: 'Trucks' })
    fireEvent.change(field, { target: { value: 'many' } })
    await clickWhenAllowed('Make the plan')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('A whole number from 1 to 100.')).toBeTruthy()
    expect(sent(asked, 'POST')).toEqual([])
  })

  it('can be given up while it runs', async () => {
    fakeApi({ ...answers(undefined), 'POST /cities/demo/plans': () => new Promise(() => undefined) })
    // What is given up rejects as fetch does.
    const never = globalThis.fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) =>
      Promise.race([
        never(url, init),
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => {
            reject(new DOMException('given up', 'AbortError'))
          })
        }),
      ]),
    )
    renderView(<PlanView />)
    await screen.findByText('No plan was made yet.')
    await clickWhenAllowed('Make the plan')
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    expect(await screen.findByText(/^Cancelled\./)).toBeTruthy()
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  it('is an operator’s, and says so to others', async () => {
    const asked = fakeApi({ ...answers(undefined), 'GET /session': NOBODY })
    renderView(<PlanView />)
    await screen.findByText('No plan was made yet.')
    fireEvent.click(screen.getByRole('button', { name: 'Make the plan' }))
    expect(within(await screen.findByRole('dialog')).getByText(/Only an operator may do this/)).toBeTruthy()
    expect(sent(asked, 'POST')).toEqual([])
  })
})

it('keeps constraints that somebody else has set over, until the reader chose', async () => {
  const theirs: ConstraintsAnswer = {
    constraints: { ...CONSTRAINTS.constraints, by: 'bob', updated_at: 1_727_049_000 },
    etag: 'theirs',
  }
  let current: ConstraintsAnswer = CONSTRAINTS
  const asked = fakeApi({
    ...answers(undefined),
    'GET /cities/demo/plans/constraints': () => current,
    'PUT /cities/demo/plans/constraints': ({ headers }: Asked) =>
      headers.get('if-match') === '"theirs"' ? theirs : refusal(409, 'WRITE_CONFLICT', 'set by bob since'),
  })
  renderView(<PlanView />)
  await screen.findByText('No plan was made yet.')
  await clickWhenAllowed('Change …')
  fireEvent.click(await screen.findByRole('button', { name: 'Close a station' }))
  fireEvent.change(screen.getByRole('combobox', { name: 'Station id' }), { target: { value: 's1' } })
  current = theirs
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText(/Somebody else has set them meanwhile/)).toBeTruthy()
  await screen.findByText(/set by bob/)
  fireEvent.click(screen.getByRole('button', { name: 'Keep mine and save over theirs' }))
  await waitFor(() => {
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })
  expect(
    sent(asked, 'PUT').map(({ headers, body }) => [
      headers.get('if-none-match') ?? headers.get('if-match'),
      body,
    ]),
  ).toEqual([
    ['*', { depots: [], crews: [], closed_stations: [{ station_id: 's1', why: '' }] }],
    ['"theirs"', { depots: [], crews: [], closed_stations: [{ station_id: 's1', why: '' }] }],
  ])
})

/** Once it is known who is asking, the button is no longer locked. */
async function clickWhenAllowed(name: string): Promise<void> {
  const button = await screen.findByRole('button', { name })
  await waitFor(() => {
    expect(button.className).not.toContain('button-locked')
  })
  fireEvent.click(button)
}
