import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binCount, binOf, quantileEdges } from './bins.ts'

const f32 = (values: readonly number[]): Float32Array => Float32Array.from(values)
function counted(values: Float32Array): number[] {
  const edges = quantileEdges(values)
  const counts = Array.from({ length: binCount(edges) }, () => 0)
  for (const value of values) counts[binOf(edges, value)] = (counts[binOf(edges, value)] ?? 0) + 1
  return counts
}

describe('quantile bins', () => {
  it('hold a tenth each when no value occurs twice', () => {
    expect(counted(f32(Array.from({ length: 1000 }, (_, i) => i * i)))).toEqual([...Array(10).fill(100), 0])
  })

  it('give a value that most rows share a bin of its own', () => {
    const values = f32([...Array(90).fill(0), -3, -2, -1, -1, -1, 1, 1, 2, 2, 3])
    expect(quantileEdges(values)).toEqual([-1, 0])
    expect(counted(values)).toEqual([5, 90, 5, 0])
  })

  it('tell values below and above a feature that never changed', () => {
    const edges = quantileEdges(f32([0.7, 0.7, 0.7]))
    const bins = [0.699, Math.fround(0.7), 0.701].map((value) => binOf(edges, Math.fround(value)))
    expect(bins).toEqual([0, 1, 2])
    expect([-1, 0, 1].map((value) => binOf(quantileEdges(f32([0, 0])), value))).toEqual([0, 1, 2])
  })

  it('are one for all that is known when nothing was', () => {
    const edges = quantileEdges(f32([Number.NaN, Number.NaN]))
    expect([binOf(edges, 5), binOf(edges, Number.NaN), binCount(edges)]).toEqual([0, 1, 2])
  })

  it('are in order, never more than twenty, and none is empty, whatever the values', () => {
    const value = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -2, max: 2 }),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 300 }), (list) => {
        const values = f32(list.map((number) => number + 0))
        fc.pre(new Set(values).size > 1)
        const edges = quantileEdges(values)
        expect([...new Set(edges)].toSorted((a, b) => a - b)).toEqual(edges)
        expect(edges.length).toBeLessThan(20)
        expect(counted(values).slice(0, -1)).not.toContain(0)
      }),
    )
  })
})
