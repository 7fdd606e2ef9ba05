import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PALETTE } from '../../model/evaluation/report/palette.ts'
import { alarmTimes } from './alarm-times.ts'
import { barFigure, lineFigure } from './charts.ts'
import { episodesOf, type OnsetRow } from './episodes.ts'
import { lastEndedDay, localDay, wallTime } from './local-day.ts'
import { tableHtml } from './page-parts.ts'
import { runsOf } from './runs.ts'

const at = (text: string): number => Date.parse(text) / 1000

describe('a local day', () => {
  it.each([
    ['2024-05-14', 'America/Toronto', '2024-05-14T04:00:00Z', 24],
    ['2024-03-10', 'America/New_York', '2024-03-10T05:00:00Z', 23],
    ['2024-11-03', 'America/New_York', '2024-11-03T04:00:00Z', 25],
    ['2024-05-14', 'Asia/Kathmandu', '2024-05-13T18:15:00Z', 24],
    ['2024-05-14', 'Pacific/Kiritimati', '2024-05-13T10:00:00Z', 24],
  ])('%s in %s begins at %s and has %d hours', (ds, zone, from, hours) => {
    const day = localDay(ds, zone)
    expect(day.from).toBe(at(from))
    expect((day.to - day.from) / 3600).toBe(hours)
  })

  it('that a zone skipped is refused', () => {
    expect(() => localDay('2011-12-30', 'Pacific/Apia')).toThrow('has no day')
  })

  it('is over when the next has begun', () => {
    expect(lastEndedDay(at('2024-05-14T03:59:59Z'), 'America/Toronto')).toBe('2024-05-12')
    expect(lastEndedDay(at('2024-05-14T04:00:00Z'), 'America/Toronto')).toBe('2024-05-13')
    expect(wallTime('America/Toronto')(at('2024-05-14T04:05:00Z'))).toBe('00:05')
  })
})

describe('episodes', () => {
  const row = (slot: number, label: number, stockout: boolean, station_id = 'a'): OnsetRow => ({
    station_id,
    slot: slot * 600,
    label,
    stockout,
  })

  it('are caught when a warning came before the station was seen short', () => {
    expect(episodesOf([row(0, 0, true), row(1, 1, true), row(2, 1, false)])).toEqual([
      {
        station_id: 'a',
        kind: 'caught',
        first: 0,
        short_at: 600 + 1800,
        lead_minutes: 40,
        predictions: 3,
      },
    ])
  })

  it('are missed without one, and false without a stock-out', () => {
    expect(episodesOf([row(0, 1, false), row(1, 1, false)])).toMatchObject([
      { kind: 'missed', first: 0, short_at: 1800, lead_minutes: null },
    ])
    expect(episodesOf([row(0, 0, true), row(1, 0, true)])).toMatchObject([
      { kind: 'false', first: 0, short_at: null, lead_minutes: null },
    ])
  })

  it('end after 40 minutes, and with the station', () => {
    expect(episodesOf([row(0, 0, true), row(4, 0, true), row(9, 0, true)])).toHaveLength(2)
    expect(episodesOf([row(0, 0, true), row(1, 0, true, 'b')])).toHaveLength(2)
  })

  it('hold every row once', () => {
    const rows = fc.array(fc.record({ slot: fc.nat(100), label: fc.constantFrom(0, 1), said: fc.boolean() }))
    fc.assert(
      fc.property(rows, (drawn) => {
        const ordered = drawn
          .map(({ slot, label, said }) => row(slot, label, said))
          .sort((a, b) => a.slot - b.slot)
        const found = episodesOf(ordered)
        expect(found.reduce((sum, { predictions }) => sum + predictions, 0)).toBe(ordered.length)
      }),
    )
  })
})

describe('runs of slots', () => {
  it('join what follows each other', () => {
    expect(runsOf([0, 600, 1200, 3000], 600)).toEqual([
      { from: 0, to: 1800 },
      { from: 3000, to: 3600 },
    ])
  })
})

describe('alarm times', () => {
  const day = { from: 1000, to: 2000 }
  const change = (Timestamp: number, from: string, to: string, AlarmName = 'a') => ({
    AlarmName,
    Timestamp,
    HistoryItemType: 'StateUpdate' as const,
    HistorySummary: '',
    HistoryData: { from, to, reason: 'because' },
  })

  it('begin and end with the changes, or with the day', () => {
    expect(
      alarmTimes(
        [
          change(1100, 'ALARM', 'OK'),
          change(1200, 'OK', 'ALARM'),
          change(1300, 'ALARM', 'INSUFFICIENT_DATA'),
          change(1400, 'OK', 'ALARM', 'b'),
          { ...change(1500, 'OK', 'ALARM', 'c'), HistoryItemType: 'Action' },
        ],
        day,
      ),
    ).toEqual([
      { alarm: 'a', from: 1000, to: 1100, began_before: true, reason: '' },
      { alarm: 'a', from: 1200, to: 1300, began_before: false, reason: 'because' },
      { alarm: 'b', from: 1400, to: null, began_before: false, reason: 'because' },
    ])
  })
})

describe('a figure', () => {
  const input = {
    id: 'f',
    title: 'Title',
    caption: 'Over a day.',
    labels: ['00:00', '00:10', '00:20', '00:30', '00:40'],
    unit: 'n',
  }

  it('leaves gaps open: a line on both sides, nothing in between', () => {
    const draw = (values: (number | null)[]): string =>
      lineFigure({ ...input, series: [{ name: 'A', colour: 'model', values }] }).svg ?? ''
    const strokes = (svg: string): number =>
      svg
        .split('<path')
        .filter(
          (path) => path.includes(`stroke="${PALETTE.model.light}"`) && path.includes('stroke-width="2"'),
        )
        .map((path) => (/ d="([^"]*)"/.exec(path)?.[1] ?? '').split('M').length - 1)
        .reduce((sum, moves) => sum + moves, 0)
    // The legend has a stroke of its own.
    const whole = strokes(draw([1, 2, 3, 4, 5]))
    expect(strokes(draw([1, 2, null, 4, 5]))).toBe(whole + 1)
    expect(draw([1, 2, null, 4, 5])).toContain('1 of 5 points missing')
  })

  it('is none when not one value is known, whatever it would be compared with', () => {
    const series = [
      { name: 'A', colour: 'model', values: [null, null] },
      { name: 'Bound', colour: 'quiet', values: [0.2, 0.2], bound: true },
    ] as const
    expect(lineFigure({ ...input, series }).svg).toBeNull()
    expect(barFigure({ ...input, series: [{ name: 'A', colour: 'model', values: [0] }] }).svg).toContain(
      '<svg',
    )
  })
})

describe('a table', () => {
  it('shows hostile text as text, and says when it has no rows', () => {
    const hostile = '<img src=x onerror=alert(1)>"\''
    const html = tableHtml(hostile, [hostile], [[hostile]], 'none')
    expect(html).not.toContain('<img')
    expect(html.match(/&lt;img/g)).toHaveLength(3)
    expect(tableHtml('c', ['h'], [], 'No <row>.')).toBe('<p>No &lt;row&gt;.</p>')
  })
})
