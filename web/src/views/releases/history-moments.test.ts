import { expect, it } from 'vitest'
import type { HistoryEntry } from '../../../../src/core/contracts/history.ts'
import { changeMoments, momentAt, momentIndex } from './history-moments.ts'

const at = (...moments: number[]) => moments.map((each) => ({ at: each }) as HistoryEntry)

it('has one stop for changes of the same second, oldest first', () => {
  expect(changeMoments(at(300, 200, 200, 100))).toEqual([100, 200, 300])
})

it('finds the stop of a moment, and the moment of a stop again', () => {
  const moments = [100, 200, 300]
  for (const index of [0, 1, 2, 3]) expect(momentIndex(moments, momentAt(moments, index))).toBe(index)
  expect(momentIndex(moments, 250)).toBe(1)
})

it('can go to before the first change, and to now', () => {
  const moments = [100, 200]
  expect(momentAt(moments, -1)).toBe(99)
  expect(momentIndex(moments, 99)).toBe(-1)
  expect(momentAt(moments, 2)).toBeNull()
  expect(momentAt([], -1)).toBeNull()
})
