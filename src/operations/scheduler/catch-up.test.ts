import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH_SECONDS, DAY_SECONDS, HOUR_SECONDS, parseTime } from '../../core/time.ts'
import { newestWeekly } from './cadence.ts'
import { missedWork } from './catch-up.ts'
import { clockStep } from './clock-step.ts'
import { advance, freshState, jobStateOf, noteSkipped, type JobState } from './state.ts'

const batch = { every: BATCH_SECONDS, after: 5 }
const NOON = parseTime('2024-03-12T12:00:00Z')
const FRESH = jobStateOf(freshState(), 'x')

describe('missed work', () => {
  it('is only the newest time on a lake where the job never ran', () => {
    expect(missedWork(batch, { most: DAY_SECONDS }, FRESH, NOON + 5).due).toEqual([NOON])
    expect(missedWork(batch, { most: DAY_SECONDS }, FRESH, NOON + 4).due).toEqual([NOON - BATCH_SECONDS])
  })

  it('is every time since the last one, in order, up to the bound; what is older is skipped and counted', () => {
    const last = NOON - 3 * HOUR_SECONDS
    const missed = missedWork(batch, { most: HOUR_SECONDS }, { last, ahead: [] }, NOON + 5)
    expect(missed.due).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => NOON - n * BATCH_SECONDS))
    expect(missed.skipped).toEqual({ from: last + BATCH_SECONDS, to: NOON - 4200, count: 11 })
    expect(missed.passed).toBe(NOON - 4200)
  })

  it('is the newest alone where a rule takes all or the newest, once more than the bound was missed', () => {
    const rule = { most: 6 * HOUR_SECONDS, allOrNewest: true }
    const within = missedWork(batch, rule, { last: NOON - 6 * HOUR_SECONDS, ahead: [] }, NOON + 5)
    expect(within.due).toHaveLength(36)
    const beyond = missedWork(batch, rule, { last: NOON - 7 * HOUR_SECONDS, ahead: [] }, NOON + 5)
    expect(beyond.due).toEqual([NOON])
    expect(beyond.skipped?.count).toBe(41)
  })

  it('counts nothing as skipped where the newest does the work of all', () => {
    const rule = { most: 0, coversMissed: true }
    const missed = missedWork(batch, rule, { last: NOON - DAY_SECONDS, ahead: [] }, NOON + 5)
    expect(missed).toEqual({ due: [NOON], passed: NOON - BATCH_SECONDS, skipped: null })
  })

  it('ends, done in any order and with any pauses, with every time done exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.nat(7)), { maxLength: 30 }),
        (steps) => {
          let job: JobState = { ...FRESH, last: NOON }
          let now = NOON + 5
          const done: number[] = []
          const doIt = (at: number): void => {
            done.push(at)
            job = advance(job, at, BATCH_SECONDS)
          }
          for (const [batches, newestFirst, most] of steps) {
            now += batches * BATCH_SECONDS
            const { due } = missedWork(batch, { most: DAY_SECONDS * 40 }, job, now)
            const newest = due.at(-1)
            if (newestFirst && newest !== undefined) doIt(newest)
            for (const at of due.slice(0, most)) if (at !== newest || !newestFirst) doIt(at)
          }
          for (const at of missedWork(batch, { most: DAY_SECONDS * 40 }, job, now).due) doIt(at)
          const wanted = Array.from(
            { length: (now - 5 - NOON) / BATCH_SECONDS },
            (_, i) => NOON + (i + 1) * BATCH_SECONDS,
          )
          expect(done.toSorted((a, b) => a - b)).toEqual(wanted)
          expect(job.last).toBe(now - 5)
          expect(job.ahead).toEqual([])
        },
      ),
    )
  })
})

describe('the state', () => {
  it('makes one line of a stretch that grows, and keeps the newest fifty', () => {
    const at = (n: number) => ({
      job: 'predict',
      from: n * 600,
      to: n * 600,
      count: 1,
      why: 'none',
      noticed_at: n,
    })
    let state = freshState()
    for (let n = 1; n <= 4; n++) state = noteSkipped(state, at(n), 600)
    expect(state.skipped).toEqual([{ ...at(1), to: 2400, count: 4, noticed_at: 4 }])
    for (let n = 10; n < 200; n += 2) state = noteSkipped(state, at(n), 600)
    expect(state.skipped).toHaveLength(50)
    expect(state.skipped.at(-1)?.from).toBe(198 * 600)
  })
})

describe('the weekly time', () => {
  const weekly = (timezone: string, weekday: string, hour: number) => (now: string) =>
    new Date(newestWeekly({ timezone, weekday, hour }, parseTime(now)) * 1000).toISOString()

  it('is the hour of the city, in summer and in winter', () => {
    const newest = weekly('America/New_York', 'monday', 3)
    expect(newest('2024-07-01T07:00:00Z')).toBe('2024-07-01T07:00:00.000Z')
    expect(newest('2024-07-01T06:59:59Z')).toBe('2024-06-24T07:00:00.000Z')
    expect(newest('2024-01-10T00:00:00Z')).toBe('2024-01-08T08:00:00.000Z')
  })

  it('is the next hour where clocks skip it, and the first where they repeat it', () => {
    expect(weekly('America/New_York', 'sunday', 2)('2024-03-10T12:00:00Z')).toBe('2024-03-10T07:00:00.000Z')
    expect(weekly('America/New_York', 'sunday', 1)('2024-11-03T12:00:00Z')).toBe('2024-11-03T05:00:00.000Z')
  })

  it('is a whole hour UTC in a zone half an hour off', () => {
    expect(weekly('Asia/Kolkata', 'monday', 3)('2024-07-01T12:00:00Z')).toBe('2024-06-30T22:00:00.000Z')
  })
})

describe('a step of the clock', () => {
  it('is told from time that passes', () => {
    expect(clockStep(null, NOON, undefined)).toBe(0)
    expect(clockStep(NOON, NOON + 60, 60)).toBe(0)
    expect(clockStep(NOON, NOON - 20, 10)).toBe(0)
    expect(clockStep(NOON, NOON - 3600, 60)).toBe(-3600)
    expect(clockStep(NOON, NOON + DAY_SECONDS + 60, 60)).toBe(DAY_SECONDS)
  })

  it('is not told from a time when nothing ran', () => {
    expect(clockStep(NOON, NOON + DAY_SECONDS, undefined)).toBe(0)
  })
})
