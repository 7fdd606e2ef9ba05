import { screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { IncidentView as Answer } from '../../../../src/core/contracts/api/releases.ts'
import { AS_OF, fakeApi, NOW } from '../../../test/fake-api.ts'
import { renderView } from '../../../test/render-view.tsx'
import { IncidentView } from './incident-view.tsx'

const ID = '2024-09-22-rollback-ba517482'
const ANSWER: Answer = {
  as_of: AS_OF,
  incident: {
    incident_version: 1,
    id: ID,
    kind: 'rollback',
    city: 'demo',
    endpoint: 'bikeshare-prod',
    title: 'bikeshare-prod: v2 was rejected and taken back',
    why: 'its loss is greater by 0.12',
    by: 'bikeshare',
    began: NOW - 7200,
    opened_at: NOW - 3600,
    release_id: '20240922T205437Z-535779c5',
    alarm: null,
    notes: [{ at: NOW - 1800, by: 'ann', text: '<script>alert(1)</script>' }],
    refresh: null,
    closed: null,
  },
  timeline: [{ at: NOW - 7200, what: 'promote asked for by demo' }],
  charts: [],
}
const show = (answers: Record<string, unknown>) => {
  fakeApi(answers)
  return renderView(<IncidentView />, `?lang=en&tab=releases&incident=${ID}`)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

it('shows what it is about, what happened, and what was noted, as text', async () => {
  const { container } = show({ [`GET /cities/demo/incidents/${ID}`]: ANSWER })
  expect(await screen.findByRole('heading', { level: 1, name: ANSWER.incident.title })).toBeTruthy()
  expect(screen.getByText('promote asked for by demo')).toBeTruthy()
  expect(screen.getByText('<script>alert(1)</script>')).toBeTruthy()
  expect(container.querySelector('script')).toBeNull()
  expect(screen.getByRole('button', { name: 'Close the incident …' })).toBeTruthy()
})

it('is not closed twice', async () => {
  const closed = { at: NOW, by: 'ann', cause: 'a wrong archive' }
  show({ [`GET /cities/demo/incidents/${ID}`]: { ...ANSWER, incident: { ...ANSWER.incident, closed } } })
  expect(await screen.findByText('a wrong archive')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Close the incident/ })).toBeNull()
})

it('says that there is no such incident', async () => {
  show({})
  expect(await screen.findByText('There is no such incident in this city.')).toBeTruthy()
})
