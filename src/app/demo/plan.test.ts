import { describe, expect, it } from 'vitest'
import { isoOf, parseTime } from '../../core/time.ts'
import { planDemo, REPLAY_BATCHES } from './plan.ts'

describe('the plan of a demo', () => {
  it('keeps the last 4 of 21 days, and the last 8 of 42, for test', () => {
    const three = planDemo(parseTime('2024-05-01'), parseTime('2024-05-21T23:55:00Z'))
    expect(isoOf(three.testFrom)).toBe('2024-05-18T00:00:00Z')
    const six = planDemo(parseTime('2023-04-03T00:23:53Z'), parseTime('2023-05-14T23:58:35Z'))
    expect(isoOf(six.testFrom)).toBe('2023-05-07T00:00:00Z')
  })

  it.each([5, 6, 21, 42])(
    'of %i days: a day on staging and three hours of releases, none of it seen by a training',
    (days) => {
      const first = parseTime('2023-04-03T00:23:53Z')
      const plan = planDemo(first, parseTime('2023-04-02T23:58:35Z') + days * 86_400)
      expect((plan.gateBatch - plan.firstBatch) / 600 + 1).toBe(REPLAY_BATCHES)
      expect((plan.lastBatch - plan.gateBatch) / 600).toBe(18)
      expect(plan.lastBatch + 1800).toBeLessThanOrEqual(plan.end)
      expect(plan.firstBatch).toBeGreaterThanOrEqual(plan.testFrom)
      expect(plan.incumbentUntil).toBeLessThan(plan.testFrom)
      expect(plan.incumbentUntil).toBeGreaterThan(first)
    },
  )

  it('refuses a recording too short to be cut', () => {
    expect(() => planDemo(parseTime('2024-05-01'), parseTime('2024-05-03'))).toThrow(/covers 3 days/)
  })
})
