import { describe, expect, it } from 'vitest'
import { openRing } from './ring.ts'

describe('the ring of events', () => {
  it('gives what came after an id, in order, and nothing twice', () => {
    const ring = openRing<string>('run', 3)
    expect(ring.since('run-0')).toEqual([])
    for (const event of ['a', 'b', 'c']) ring.add(event)
    expect(ring.since('run-1')?.map(({ event }) => event)).toEqual(['b', 'c'])
    expect(ring.since(ring.idOf(ring.newest))).toEqual([])
  })

  it('says that it does not know, rather than leave something out', () => {
    const ring = openRing<string>('run', 3)
    for (const event of ['a', 'b', 'c', 'd', 'e']) ring.add(event)
    expect(ring.since('run-2')?.map(({ event }) => event)).toEqual(['c', 'd', 'e'])
    const unknown = ['run-1', 'run-6', 'other-3', 'run-', 'run-x', 'run--1', '', 'run-1e3']
    expect(unknown.filter((id) => ring.since(id) !== undefined)).toEqual([])
  })
})
