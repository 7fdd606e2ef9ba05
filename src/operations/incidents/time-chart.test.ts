import { describe, expect, it } from 'vitest'
import { timeFigure, type TimeChart } from './time-chart.ts'

const FROM = 1_715_644_800
const chart = (points: readonly (readonly [hour: number, v: number])[], more: Partial<TimeChart> = {}) =>
  timeFigure({
    id: 'c',
    title: 'A <b>title</b>',
    caption: 'Of twelve hours.',
    unit: 'x',
    span: { from: FROM, to: FROM + 12 * 3600 },
    period: 3600,
    kind: 'line',
    series: [{ name: 'A', colour: 'model', points: points.map(([h, v]) => ({ t: FROM + h * 3600, v })) }],
    marks: [],
    ...more,
  })

/** How many strokes the line of the first series has. */
const strokes = (svg: string | null): number =>
  [...(svg ?? '').matchAll(/<path d="([^"]+)" fill="none" stroke="#005fa3"/g)]
    .map(([, d = '']) => d.split('M').length - 1)
    .reduce((a, b) => a + b, 0)

describe('a chart over time', () => {
  it('has a gap where there is no datapoint', () => {
    const whole = [1, 2, 3, 4, 5, 6].map((h) => [h, h / 10] as const)
    expect(strokes(chart(whole).svg)).toBe(1)
    expect(strokes(chart(whole.filter(([h]) => h !== 3)).svg)).toBe(2)
  })

  it('says in words what is missing, and how far the values go', () => {
    expect(
      chart([
        [1, 0.25],
        [2, 0.5],
      ]).svg,
    ).toContain('A: 0.25 to 0.5, 10 of 12 points missing.')
  })

  it('is none when nothing is known', () => {
    expect(chart([]).svg).toBeNull()
    expect(chart([[40, 1]]).svg).toBeNull()
  })

  it('is the same whenever it is drawn, in UTC, with inert text', () => {
    const series = [{ name: '<script>x</script>', colour: 'model', points: [{ t: FROM, v: 1 }] } as const]
    const { svg } = chart([], { series, marks: [FROM + 3600], bounds: [{ name: 'Bound', value: 2 }] })
    expect(chart([], { series, marks: [FROM + 3600], bounds: [{ name: 'Bound', value: 2 }] }).svg).toBe(svg)
    expect(svg).not.toMatch(/<script|<b>/)
    expect(svg).toContain('>05-14<')
    expect(svg).toContain('>06:00<')
  })
})
