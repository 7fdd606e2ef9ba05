import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../../../test/support/local-platform.ts'
import { STATION_STATE_FEATURES } from '../../../../core/contracts/features.ts'
import type { ColumnDrift, DriftRecord } from '../drift-file.ts'
import { writeDrift } from '../drift-file.ts'
import { driftReport } from './drift-report.ts'

const AT = 1_715_688_000
const HOSTILE = '<script>alert(1)</script>" onload="x'

const column = (name: string, psi: number | null): ColumnDrift => ({
  name,
  psi,
  reason: psi === null ? '3 samples, and 500 are needed' : null,
  samples: psi === null ? 3 : 1000,
  edges: [0, 1],
  expected: [0.5, 0.3, 0.2, 0],
  actual: psi === null ? null : [0.4, 0.3, 0.3, 0],
})
const record = (at: number, changes: Partial<DriftRecord> = {}): DriftRecord => ({
  drift_version: 1,
  city: 'c',
  endpoint: 'bikeshare-prod',
  target: 'bikes',
  from: at - 86_400,
  at,
  group: 'bikeshare-c-bikes',
  model_version: '20240513T235500Z-11111111',
  requests: 10,
  rows: 1000,
  unread: 0,
  psi: 0.25,
  psi_feature: 'util_bikes',
  reason: null,
  features: STATION_STATE_FEATURES.map((name, i) => column(name, i === 0 ? 0.25 : 0.01)),
  score: column('score', 0.02),
  label: column('label', null),
  stations: [
    { station_id: HOSTILE, name: HOSTILE, feature: 'util_bikes', baseline: 0.5, window: 0.1, shift: -3 },
  ],
  skew: { predictions: 100, skewed: 1, share: 0.01 },
  weather: { faults: 0, found: [] },
  ...changes,
})

describe('the report on drift', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
    for (let hour = 1; hour <= 3; hour++) await writeDrift(platform.store, record(AT - hour * 3600))
  })
  afterEach(() => platform.close())

  const report = (changes: Partial<DriftRecord> = {}): Promise<string> =>
    driftReport(platform.store, { city: 'c', at: AT, records: [record(AT, changes)], feed: null })

  it('is one page with a histogram of every column, the same every time, that needs nothing else', async () => {
    const page = await report()
    expect(page.match(/<svg /g)).toHaveLength(STATION_STATE_FEATURES.length + 3)
    expect(page).toContain('PSI 0.250 (util_bikes)')
    expect(page).not.toMatch(/(?:src|href)=|@import|url\((?!#)/)
    expect(await report()).toBe(page)
  })

  it('escapes names that are hostile', async () => {
    const page = await report()
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('says why there is no PSI, and makes up nothing', async () => {
    const page = await report({
      psi: null,
      psi_feature: null,
      reason: 'no request was captured',
      features: [],
      score: null,
      label: null,
      skew: null,
      weather: null,
    })
    expect(page).toContain('No PSI: no request was captured.')
    expect(page).not.toMatch(/NaN|undefined|null/)
  })
})
