import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ActionPreview } from '../../../../src/core/contracts/api/releases.ts'
import { AS_OF, fakeApi, NOBODY, NOW, refusal, type Asked } from '../../../test/fake-api.ts'
import { renderView } from '../../../test/render-view.tsx'
import { SHUT_GATE, someReleases } from '../../../test/sample-releases.ts'
import { ReleasesView } from './releases-view.tsx'

const ACTIONS = '/cities/demo/actions'
const PREVIEW: ActionPreview = {
  action: 'rollback',
  command: "bikeshare rollback --city demo --why 'onsets are missed' --by ann",
  changes: ['bikeshare-prod: v2 → v1, at once'],
  refused: null,
  confirm: 'state-1',
}
const answers = {
  'GET /cities/demo/releases': someReleases(),
  'GET /cities/demo/gate': { as_of: AS_OF, results: [SHUT_GATE] },
  [`POST ${ACTIONS}/preview`]: PREVIEW,
}
const sent = (asked: readonly Asked[], path: string) =>
  asked.filter((each) => each.method === 'POST' && each.path === path)

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('what is shown', () => {
  it('is what serves, with the shares of what shares the traffic', async () => {
    fakeApi(answers)
    renderView(<ReleasesView />)
    const table = within(await screen.findByRole('table', { name: 'What serves' }))
    expect(table.getByText('Baseline, 80%')).toBeTruthy()
    expect(table.getByText('nothing')).toBeTruthy()
  })

  it('is the release under way with what speaks against its candidate', async () => {
    fakeApi(answers)
    const { container } = renderView(<ReleasesView />)
    expect(await screen.findByText(/4\.5 to 1, taken back at 20 to 1/)).toBeTruthy()
    expect(screen.getByText('wait: 480 of 500 predictions')).toBeTruthy()
    expect(screen.getAllByText('<img src=x onerror="alert(1)">')).not.toHaveLength(0)
    expect(container.querySelector('img')).toBeNull()
  })

  it('is a gate that is shut by a figure that is missing', async () => {
    fakeApi(answers)
    renderView(<ReleasesView />)
    const row = (await screen.findByText('missing: data capture is off')).closest('tr')
    expect(row && within(row).getByText('–')).toBeTruthy()
    expect(row && within(row).getByText('fails')).toBeTruthy()
    expect(screen.getByText('shut')).toBeTruthy()
  })

  it('says so when somebody altered the history', async () => {
    fakeApi({
      ...answers,
      'GET /cities/demo/releases': someReleases({ history_broken: 'line 2 was altered' }),
    })
    renderView(<ReleasesView />)
    expect((await screen.findByText('line 2 was altered')).closest('[role=alert]')).toBeTruthy()
    expect(screen.queryByText(/Every line of the record follows/)).toBeNull()
  })

  it('goes back through the changes by the keyboard’s slider', async () => {
    const asked = fakeApi(answers)
    renderView(<ReleasesView />)
    const slider = await screen.findByRole('slider', { name: 'What served then' })
    expect(slider.getAttribute('aria-valuetext')).toBe('now')
    fireEvent.change(slider, { target: { value: '0' } })
    await waitFor(() => {
      expect(asked.some(({ path }) => path === `/cities/demo/releases?at=${NOW - 90_000}`)).toBe(true)
    })
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^as of .* change 1 of 2$/)
  })
})

describe('a rollback', () => {
  it('is looked at, confirmed by the endpoint’s name, and done once', async () => {
    const done = { done: 'bikeshare-prod serves v1', by: 'ann', at: NOW }
    const asked = fakeApi({ ...answers, [`POST ${ACTIONS}`]: done })
    renderView(<ReleasesView />)
    const dialog = await lookAtRollback()
    expect(dialog.getByText('bikeshare-prod: v2 → v1, at once')).toBeTruthy()
    expect(dialog.getByText(PREVIEW.command, { selector: 'pre code' })).toBeTruthy()
    const button = dialog.getByRole('button', { name: 'Roll bikeshare-prod back' })
    expect(button.hasAttribute('disabled')).toBe(true)
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: 'bikeshare' } })
    expect(button.hasAttribute('disabled')).toBe(true)
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: 'bikeshare-prod' } })
    fireEvent.click(button)
    fireEvent.click(button)
    expect(await screen.findByText(/bikeshare-prod serves v1\. Done by ann/)).toBeTruthy()
    const act = { action: 'rollback', target: 'both', why: 'onsets are missed' }
    expect(sent(asked, ACTIONS).map(({ body }) => body)).toEqual([{ act, confirm: 'state-1' }])
  })

  it('that would be refused says why, and cannot be confirmed', async () => {
    fakeApi({ ...answers, [`POST ${ACTIONS}/preview`]: { ...PREVIEW, refused: 'it served nothing before' } })
    renderView(<ReleasesView />)
    const dialog = await lookAtRollback()
    expect(dialog.getByText('it served nothing before')).toBeTruthy()
    const button = dialog.getByRole('button', { name: 'Roll bikeshare-prod back' })
    expect(button.hasAttribute('disabled')).toBe(true)
  })

  it.each([
    [refusal(409, 'WRITE_CONFLICT', 'another release began'), /Things have changed since you looked/],
    [refusal(401, 'UNAUTHORIZED', 'sign in'), /You are not signed in, or your sign-in has expired/],
    [refusal(403, 'FORBIDDEN', 'viewers look'), /Your token may look and not act/],
    [refusal(503, 'UNAVAILABLE', 'going down'), /Whether it was done is not known/],
  ])('that fails says so in words (%#)', async (answer, words) => {
    fakeApi({ ...answers, [`POST ${ACTIONS}`]: answer })
    renderView(<ReleasesView />)
    const dialog = await lookAtRollback()
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: 'bikeshare-prod' } })
    fireEvent.click(dialog.getByRole('button', { name: 'Roll bikeshare-prod back' }))
    expect(await dialog.findByText(words)).toBeTruthy()
  })

  it('is an operator’s: others are told, and may sign in', async () => {
    const asked = fakeApi({ ...answers, 'GET /session': NOBODY })
    renderView(<ReleasesView />)
    fireEvent.click(await screen.findByText('Roll back …'))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText(/Only an operator may do this/)).toBeTruthy()
    fireEvent.click(dialog.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByLabelText('Token')).toBeTruthy()
    expect(asked.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('is not begun from a view of the past', async () => {
    fakeApi({ ...answers, 'GET /cities/demo/releases': someReleases({ as_of: { ...AS_OF, newest: false } }) })
    renderView(<ReleasesView />, `?lang=en&at=${NOW - 90_000}`)
    fireEvent.click(await screen.findByText('Roll back …'))
    expect(within(await screen.findByRole('dialog')).getByText(/The page shows the past/)).toBeTruthy()
  })
})

async function lookAtRollback(): Promise<ReturnType<typeof within>> {
  const open = await screen.findByText<HTMLButtonElement>('Roll back …')
  await waitFor(() => {
    expect(open.className).not.toContain('button-locked')
  })
  fireEvent.click(open)
  const dialog = within(await screen.findByRole('dialog'))
  fireEvent.change(dialog.getByLabelText('Why (is recorded)'), { target: { value: 'onsets are missed' } })
  fireEvent.click(dialog.getByRole('button', { name: 'Look at what will change' }))
  await dialog.findByText('What will change')
  return dialog
}
