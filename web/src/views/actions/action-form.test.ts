import { describe, expect, it } from 'vitest'
import { actionSchema } from '../../../../src/core/contracts/api/releases.ts'
import type { Session } from '../../../../src/core/contracts/api/session.ts'
import { ApiError } from '../../api/client.ts'
import { actionErrorKind } from './action-error.ts'
import { nameToType, openForm, readAction, type ActionStart } from './action-form.ts'
import { whyNotAct } from './may-act.ts'

const endpoints = { bikes: 'bikeshare-prod', docks: 'bikeshare-prod-docks' }
const STARTS: readonly ActionStart[] = [
  { action: 'promote', endpoints },
  { action: 'rollback', endpoints },
  { action: 'ramp' },
  { action: 'waive', endpoints: ['bikeshare-staging'] },
  { action: 'silence', alarm: 'prod-20m-zero' },
  { action: 'incident-note', id: '2024-09-22-rollback-ba517482' },
  { action: 'incident-close', id: '2024-09-22-rollback-ba517482' },
]

describe.each(STARTS)('the form of $action', (start) => {
  it('asks for a reason, and nothing else that has no default', () => {
    expect(readAction(start, openForm(start))).toEqual({ problems: { why: true } })
    expect(readAction(start, { ...openForm(start), why: '  ' })).toEqual({ problems: { why: true } })
  })

  it('makes an action of the contract', () => {
    const read = readAction(start, { ...openForm(start), why: ' because ' })
    expect('action' in read && actionSchema.safeParse(read.action).success).toBe(true)
    expect(JSON.stringify(read)).toContain('"because"')
  })
})

it('takes no hours beyond a week', () => {
  const start = STARTS[4] ?? { action: 'ramp' }
  expect(readAction(start, { ...openForm(start), why: 'x', hours: '169' })).toEqual({
    problems: { hours: true },
  })
})

it('has the name of an endpoint typed before what serves is changed, and for nothing else', () => {
  const [promote, rollback, ...others] = STARTS
  expect(promote && nameToType(promote, 'both')).toBe('bikeshare-prod')
  expect(rollback && nameToType(rollback, 'docks')).toBe('bikeshare-prod-docks')
  expect(others.map((start) => nameToType(start, 'both'))).toEqual(others.map(() => undefined))
})

it('knows who may act, and what stands in the way of whom', () => {
  const session = (patch: Partial<Session>): Session => ({
    access: 'operator',
    name: 'ann',
    city: 'demo',
    public_mode: false,
    snapshot: false,
    tile_url: null,
    tile_attribution: null,
    version: '1',
    ...patch,
  })
  expect(whyNotAct(session({}), 'demo', true)).toBeNull()
  expect(whyNotAct(session({}), 'demo', false)).toBe('past')
  expect(whyNotAct(session({}), 'paris', true)).toBe('city')
  expect(whyNotAct(session({ access: 'viewer' }), 'demo', true)).toBe('operator')
  expect(whyNotAct(session({ public_mode: true }), 'demo', true)).toBe('public_mode')
  expect(whyNotAct(session({ snapshot: true }), 'demo', true)).toBe('snapshot')
  expect(whyNotAct(undefined, 'demo', true)).toBe('operator')
})

it.each([
  [0, 'unreachable'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [409, 'conflict'],
  [412, 'conflict'],
  [429, 'limited'],
  [500, 'failed'],
])('reads status %i as %s', (status, kind) => {
  expect(actionErrorKind(new ApiError(status, 'X', 'x', null))).toBe(kind)
})
