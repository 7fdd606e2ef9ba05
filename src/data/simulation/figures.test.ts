import { beforeAll, describe, expect, it } from 'vitest'
import { FigureCollector, type RecordingFigures } from '../../../test/support/recording-figures.ts'
import { batchOf } from '../../../test/support/recording-batches.ts'
import { BAY_WHEELS, CITI_BIKE, type ReferenceFigures } from '../../../test/support/reference-figures.ts'
import { DAY_SECONDS, parseTime } from '../../core/time.ts'
import { simulateCity } from './simulate.ts'

const FROM = parseTime('2024-09-02')
const DAYS = 15

let simulated: RecordingFigures
beforeAll(() => {
  const timezone = 'America/New_York'
  const collector = new FigureCollector({ timezone, testFrom: FROM + 12 * DAY_SECONDS })
  for (const day of simulateCity({ seed: 1, stations: 250, from: FROM, days: DAYS, timezone })) {
    collector.add(batchOf(day.status))
  }
  simulated = collector.figures()
})

/** Where a simulated figure lies: inside when it is between the recordings' own, or off them by less than `factor`. */
function place(figure: (figures: ReferenceFigures) => number, factor: number) {
  const [a, b] = [figure(BAY_WHEELS), figure(CITI_BIKE)]
  const [low, high] = [Math.min(a, b) / factor, Math.max(a, b) * factor]
  const value = figure(simulated)
  return { value, low, high, inside: value > low && value < high }
}
const INSIDE = { inside: true }

describe('a simulated city next to the recordings of two real ones', () => {
  for (const target of ['bikes', 'docks'] as const) {
    it(`has their shares of stations that are low in ${target}, that become low and that recover`, () => {
      expect(place((f) => f[target].low, 1.3)).toMatchObject(INSIDE)
      expect(place((f) => f[target].newly, 1.3)).toMatchObject(INSIDE)
      expect(place((f) => f[target].recovers, 1.4)).toMatchObject(INSIDE)
    })

    it(`has their persistence in ${target}, over all rows and on onsets`, () => {
      expect(place((f) => f[target].persistence, 1.03)).toMatchObject(INSIDE)
      expect(place((f) => f[target].persistenceOnset, 1.2)).toMatchObject(INSIDE)
    })

    it(`has their movement in ${target} within half an hour, small and large`, () => {
      expect(place((f) => f[target].changed, 1.1)).toMatchObject(INSIDE)
      expect(place((f) => f[target].meanChange, 1.1)).toMatchObject(INSIDE)
      expect(place((f) => f[target].changeOf5, 1.3)).toMatchObject(INSIDE)
      expect(place((f) => f[target].changeOf10, 3)).toMatchObject(INSIDE)
    })

    it(`has their daily shape in ${target}: nights at rest, rushes in the morning and at the end of the afternoon`, () => {
      const change = (f: ReferenceFigures, hours: readonly number[]): number =>
        hours.reduce((sum, hour) => sum + (f[target].changeByHour[hour] ?? 0), 0) / hours.length
      for (const hours of [[8], [12, 13], [16, 17, 18], [21, 22]]) {
        expect(place((f) => change(f, hours) / change(f, [10, 11, 14, 15]), 1.35)).toMatchObject(INSIDE)
      }
      expect(change(simulated, [3, 4])).toBeLessThan(0.25 * change(simulated, [12, 13]))
      // Shortage lasts through the day: no hour has more than twice the share of another.
      const low = simulated[target].lowByHour
      expect(Math.max(...low) / Math.min(...low)).toBeLessThan(2)
    })

    it(`can be learned in ${target}, but not wholly: even a table of past risk beats the count on onsets`, () => {
      const { tableOnset, tablePersistenceOnset } = simulated[target]
      expect(tableOnset / tablePersistenceOnset).toBeGreaterThan(1.6)
      expect(tableOnset).toBeLessThan(0.35)
    })
  }

  it('has quiet stations and busy ones', () => {
    for (const [k, factor] of [1.3, 1.3, 1.3, 1.35].entries())
      expect(place((f) => f.turnover[k] ?? 0, factor)).toMatchObject(INSIDE)
  })

  it('has their momentum', () => {
    expect(place((f) => f.momentum, 1.5)).toMatchObject(INSIDE)
  })
})
