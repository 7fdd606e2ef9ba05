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

  it('replays 144 batches, the last of which has an outcome', () => {
    const plan = planDemo(parseTime('2023-04-03T00:23:53Z'), parseTime('2023-05-14T23:58:35Z'))
    expect((plan.lastBatch - plan.firstBatch) / 600 + 1).toBe(REPLAY_BATCHES)
    expect(plan.lastBatch + 1800).toBeLessThanOrEqual(plan.end)
    expect(plan.firstBatch).toBeGreaterThanOrEqual(plan.testFrom)
  })

  it('refuses a recording too short to be cut', () => {
    expect(() => planDemo(parseTime('2024-05-01'), parseTime('2024-05-03'))).toThrow(/covers 3 days/)
  })
})
