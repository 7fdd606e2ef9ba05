import { fireEvent, render, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { DataTable, type Column } from './data-table.tsx'
import { Name } from './name.tsx'

interface Row {
  readonly id: string
  readonly bikes: number | null
}
const rows: Row[] = [
  { id: 'b', bikes: 2 },
  { id: 'a', bikes: null },
  { id: '<img src=x onerror="window.pwned=1">', bikes: 9 },
]
const columns: Column<Row>[] = [
  {
    key: 'id',
    header: 'Station',
    rowHeader: true,
    cell: ({ id }) => <Name>{id}</Name>,
    sortValue: ({ id }) => id,
  },
  {
    key: 'bikes',
    header: 'Bikes',
    numeric: true,
    cell: ({ bikes }) => bikes ?? '–',
    sortValue: ({ bikes }) => bikes,
  },
]
const shown = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

describe('a table', () => {
  it('sorts by its headings, and says so', () => {
    render(<DataTable caption="Stations" rows={rows} columns={columns} rowKey={({ id }) => id} />)
    fireEvent.click(screen.getByRole('button', { name: 'Bikes' }))
    expect(shown()).toEqual([rows[2]?.id, 'b', 'a'])
    expect(screen.getByRole('columnheader', { name: 'Bikes' })).toHaveProperty('ariaSort', 'descending')
    fireEvent.click(screen.getByRole('button', { name: 'Bikes' }))
    expect(shown()).toEqual(['b', rows[2]?.id, 'a'])
  })

  it('shows markup in a name as text', () => {
    const { container } = render(
      <DataTable caption="Stations" rows={rows} columns={columns} rowKey={({ id }) => id} />,
    )
    expect(container.querySelector('img')).toBeNull()
    expect(screen.getByText('<img src=x onerror="window.pwned=1">')).toBeTruthy()
  })

  it('pages when it is long', () => {
    const many = Array.from({ length: 25 }, (_, index): Row => ({ id: `s${index}`, bikes: index }))
    render(
      <DataTable caption="Stations" rows={many} columns={columns} rowKey={({ id }) => id} pageSize={10} />,
    )
    const pager = screen.getByRole('navigation', { name: 'Pages of Stations' })
    fireEvent.click(within(pager).getByRole('button', { name: 'Next page' }))
    fireEvent.click(within(pager).getByRole('button', { name: 'Next page' }))
    expect(shown()).toEqual(['s20', 's21', 's22', 's23', 's24'])
    expect(within(pager).getByRole('button', { name: 'Next page' })).toHaveProperty('disabled', true)
  })

  it('says that there is nothing rather than showing nothing', () => {
    render(
      <DataTable caption="Stations" rows={[]} columns={columns} rowKey={({ id }) => id} empty="None yet." />,
    )
    expect(screen.getByText('None yet.')).toBeTruthy()
  })
})
