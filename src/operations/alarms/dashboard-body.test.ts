import { describe, expect, it } from 'vitest'
import { dashboardBody } from './dashboard-body.ts'

interface Widget {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title?: string
    readonly metrics?: readonly (readonly unknown[])[]
    readonly annotations?: { readonly horizontal: readonly { label: string; value: number }[] }
  }
}

const widgets = dashboardBody({
  region: 'ca-central-1',
  namespace: 'Bikeshare/Model',
  endpoints: [
    { endpoint: 'bikeshare-prod', city: 'nyc' },
    { endpoint: 'bikeshare-prod-docks', city: 'nyc' },
  ],
}).widgets as readonly Widget[]
const titled = (title: string): readonly Widget['properties'][] =>
  widgets.map(({ properties }) => properties).filter((properties) => properties.title === title)

describe('the dashboard', () => {
  it('has a row an endpoint, within the grid, and none over another', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) => `${x + (i % width)} ${y + Math.floor(i / width)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true)
    expect(widgets.filter(({ type }) => type === 'text')).toHaveLength(2)
  })

  it('draws SageMaker’s metrics of every variant that an endpoint has', () => {
    expect(titled('Latency')[1]?.metrics).toContainEqual([
      {
        expression:
          'SEARCH(\'{AWS/SageMaker,EndpointName,VariantName} EndpointName="bikeshare-prod-docks" MetricName="ModelLatency"\', \'p95\', 300)',
        label: 'ModelLatency p95',
      },
    ])
    expect(JSON.stringify(widgets)).not.toContain('AllTraffic')
  })

  it('draws our metrics of the endpoint and its city, with the bounds of their alarms', () => {
    expect(titled('Drift')[0]?.metrics).toContainEqual([
      'Bikeshare/Model',
      'PSI',
      'EndpointName',
      'bikeshare-prod',
      'City',
      'nyc',
      { stat: 'Maximum' },
    ])
    expect(titled('Latency')[0]?.annotations?.horizontal).toMatchObject([
      { label: 'endpoint-latency-p95-warn', value: 200_000 },
      { label: 'endpoint-latency-p95-crit', value: 300_000 },
    ])
  })
})
