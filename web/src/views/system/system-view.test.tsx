import { fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeApi, NOW } from '../../../test/fake-api.ts'
import { renderView } from '../../../test/render-view.tsx'
import { anAlarm, aSystem } from '../../../test/sample-system.ts'
import { byUrgency } from './alarm-order.ts'
import { SystemView } from './system-view.tsx'

const show = (patch: Parameters<typeof aSystem>[0] = {}, search = '?lang=en') => {
  fakeApi({ 'GET /cities/demo/system': aSystem(patch) })
  return renderView(<SystemView />, search)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the verdict', () => {
  it('is that all is well, only when nothing is late and no alarm is raised', async () => {
    show()
    expect(await screen.findByText('All is well')).toBeTruthy()
  })

  it('names what is late, and counts the alarms beside it', async () => {
    show({ late: ['no snapshot for 40 min', 'quality'], alarms: [anAlarm({ state: 'ALARM' })] })
    expect(await screen.findByText('2 things are wrong or late')).toBeTruthy()
    expect(screen.getByText('no snapshot for 40 min')).toBeTruthy()
    expect(screen.getByText('One alarm is raised')).toBeTruthy()
    expect(screen.queryByText('All is well')).toBeNull()
  })

  it('is an alarm, when nothing is late', async () => {
    show({ alarms: [anAlarm({ state: 'ALARM', severity: 'warn' })] })
    expect(await screen.findByText('One alarm is raised')).toBeTruthy()
  })

  it('is in French for who reads French', async () => {
    show({}, '?lang=fr')
    expect(await screen.findByText('Tout va bien')).toBeTruthy()
  })
})

it('shows a figure that is missing as missing, never as 0', async () => {
  show()
  const row = within((await screen.findByText('bikeshare-prod')).closest('tr') ?? document.body)
  expect(row.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual([
    'InService',
    '143 of 144',
    '–',
    '12.2 ms',
    '–',
    '432',
    '0',
    '–',
  ])
  expect(screen.getByText('In the lake within 3 minutes').parentElement?.textContent).toContain('–')
  expect(screen.getByText('What the lake takes on disk is not known.')).toBeTruthy()
})

it('shows a budget that is overdrawn, and jobs that are late or failed first', async () => {
  show()
  expect(await screen.findByText(/-100% overdrawn/)).toBeTruthy()
  const jobs = within(screen.getByRole('table', { name: 'Jobs' }))
  expect(jobs.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([
    'qualitydisk full',
    'predict',
  ])
  expect(jobs.getByText('late')).toBeTruthy()
})

it('has raised alarms first: critical ones, then the newest', () => {
  const named = (name: string, patch: Parameters<typeof anAlarm>[0]) => anAlarm({ name, ...patch })
  const alarms = [
    named('d', { state: 'OK' }),
    named('c', { state: 'INSUFFICIENT_DATA' }),
    named('b', { state: 'ALARM', severity: 'warn', since: NOW }),
    named('a2', { state: 'ALARM', severity: 'crit', since: NOW - 60 }),
    named('a1', { state: 'ALARM', severity: 'crit', since: NOW }),
  ]
  expect(byUrgency(alarms).map(({ name }) => name)).toEqual(['a1', 'a2', 'b', 'c', 'd'])
})

it('keeps a silenced alarm in sight, with who silenced it, until when and why', async () => {
  const silence = { by: 'ann', why: '<i>works</i>', until: NOW + 7200 }
  const { container } = show({ alarms: [anAlarm({ silence })] })
  expect(await screen.findByText('<i>works</i>')).toBeTruthy()
  expect(screen.getByText(/by ann until/)).toBeTruthy()
  expect(container.querySelector('i')).toBeNull()
})

it('opens what the runbook says, and goes on to what it names', async () => {
  show({ alarms: [anAlarm({ state: 'ALARM' })] })
  fireEvent.click(await screen.findByText('What to do', { selector: 'button' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(await dialog.findByText('prod-20m-zero')).toBeTruthy()
  fireEvent.click(dialog.getByRole('button', { name: 'running' }))
  expect(await dialog.findByText('The scheduler does not run')).toBeTruthy()
  fireEvent.click(dialog.getByRole('button', { name: 'Back' }))
  expect(dialog.getByText('prod-20m-zero')).toBeTruthy()
})
