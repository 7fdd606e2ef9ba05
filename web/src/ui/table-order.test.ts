import { describe, expect, it } from 'vitest'
import { parseSort, sortRows, sortText, toggleSort } from './table-order.ts'

describe('the order of a table', () => {
  it('puts missing values last, whichever the direction', () => {
    const rows = [3, null, 1, undefined, 2, Number.NaN]
    expect(sortRows(rows, (row) => row, false, 'en').slice(0, 3)).toEqual([1, 2, 3])
    expect(sortRows(rows, (row) => row, true, 'en').slice(0, 3)).toEqual([3, 2, 1])
  })

  it('sorts names as people do: accents and case aside, numbers by size', () => {
    const names = ['Zoo', 'école', 'Rue 10', 'Eden', 'rue 9']
    expect(sortRows(names, (name) => name, false, 'fr')).toEqual(['école', 'Eden', 'rue 9', 'Rue 10', 'Zoo'])
  })

  it('leaves equal rows as they were', () => {
    const rows = ['b', 'a', 'c'].map((name) => ({ name, value: 1 }))
    expect(sortRows(rows, ({ value }) => value, true, 'en')).toEqual(rows)
  })

  it('is read from the address, of columns that there are', () => {
    expect(parseSort('-bikes', ['bikes'])).toEqual({ column: 'bikes', descending: true })
    expect(parseSort('other', ['bikes'])).toBeUndefined()
    expect(sortText({ column: 'bikes', descending: true })).toBe('-bikes')
  })

  it('turns round with a second click, and begins as the column does', () => {
    const first = toggleSort(undefined, 'bikes', 'down')
    expect(first).toEqual({ column: 'bikes', descending: true })
    expect(toggleSort(first, 'bikes', 'down')).toEqual({ column: 'bikes', descending: false })
    expect(toggleSort(first, 'name', 'up')).toEqual({ column: 'name', descending: false })
  })
})
