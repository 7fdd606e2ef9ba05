import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoFigures } from '../../src/app/demo/options.ts'
import { lastJson, mustRun, type CliRun } from '../support/cli.ts'
import { checkDemoFigures } from '../support/demo-figures.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

let dataDir: string
let demo: CliRun

beforeAll(async () => {
  dataDir = await makeTempDir()
  demo = await mustRun([
    'demo',
    '--headless',
    '--recording',
    join(SHARED_DATA, 'sf_status_2023-04-03_2023-05-14.parquet'),
    '--information',
    join(SHARED_DATA, 'sf_information.parquet'),
    '--city',
    'sf',
    '--timezone',
    'America/Los_Angeles',
    '--country',
    'US',
    '--data-dir',
    dataDir,
  ])
})

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true })
})

describe('the demo on the Bay Wheels recording', () => {
  it('onset PR-AUC at least twice persistence’s, all stations that report, without weather', () => {
    const figures = lastJson(demo) as DemoFigures
    console.log(JSON.stringify(figures))
    checkDemoFigures(figures)
    expect(figures.stations).toBeGreaterThan(500)
  })

  it('finds persistence and onsets as they were measured on the same days', () => {
    const { bikes, docks } = (lastJson(demo) as DemoFigures).targets
    expect(bikes.persistence_pr_auc).toBeCloseTo(0.947, 2)
    expect(docks.persistence_pr_auc).toBeCloseTo(0.941, 2)
    expect(bikes.persistence_onset_pr_auc).toBeCloseTo(0.077, 2)
    expect(docks.persistence_onset_pr_auc).toBeCloseTo(0.072, 2)
    // Measured on 8.4 days of the recording; the demo's test days are 8.
    const onsetShare = (target: { onset_positives: number; onset_rows: number }) =>
      target.onset_positives / target.onset_rows
    expect(Math.abs(onsetShare(bikes) / (3174 / 515_900) - 1)).toBeLessThan(0.05)
    expect(Math.abs(onsetShare(docks) / (3303 / 514_100) - 1)).toBeLessThan(0.05)
  })
})
