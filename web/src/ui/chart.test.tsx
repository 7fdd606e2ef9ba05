import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Chart as ApiChart } from '../../../src/core/contracts/api/common.ts'
import { formatOf } from '../text/format.ts'
import { Chart } from './chart.tsx'

const chart: ApiChart = {
  id: 'psi',
  unit: 'None',
  from: 1_700_000_000,
  to: 1_700_036_000,
  series: [
    {
      name: 'PSI',
      unit: 'None',
      period: 3600,
      of: 'hour',
      points: [
        [1_700_003_600, 0.05],
        [1_700_007_200, null],
        [1_700_010_800, 0.25],
      ],
    },
  ],
  bounds: [{ name: 'drift-warn', value: 0.2, breach: 'above', kind: 'warn' }],
  band: null,
  samples: null,
}

describe('a chart on the page', () => {
  it('says in words what it shows: figures, gaps, bounds, window and sample size', () => {
    render(<Chart chart={chart} title="Drift" />)
    const drawing = screen.getByRole('img')
    expect(drawing.getAttribute('aria-label')).toBe(
      'PSI · hour: newest 0.25, lowest 0.05, highest 0.25. 1 gap in the data. drift-warn (warning): breached above 0.2.',
    )
    const caption = screen.getByRole('figure').textContent ?? ''
    expect(caption).toContain('drift-warn (warning): breached above 0.2')
    expect(caption).toContain('sample size not known')
    const { dateTime } = formatOf('en', 'UTC')
    expect(caption).toContain(`${dateTime(chart.from)} to ${dateTime(chart.to)} UTC`)
  })

  it('can be read as a table, with what is missing as missing', () => {
    render(<Chart chart={chart} title="Drift" />)
    fireEvent.click(screen.getByRole('button', { name: 'Show as table Drift' }))
    expect(screen.getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['0.25', '–', '0.05'])
  })

  it('says so when there is no figure', () => {
    render(<Chart chart={{ ...chart, series: [] }} title="Drift" />)
    expect(screen.getByText('No figure in this window.')).toBeTruthy()
    expect(screen.queryByRole('img')).toBeNull()
  })
})
