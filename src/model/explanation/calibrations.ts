import type { Calibration, Chance } from '../../core/contracts/explanation.ts'
import type { Target } from '../../core/contracts/features.ts'
import {
  DAY_SECONDS,
  dayFloor,
  dsOf,
  HORIZON_SECONDS,
  HOUR_SECONDS,
  type EpochSeconds,
} from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { openIsotonic, stepAt } from '../evaluation/isotonic.ts'
import { readDeployment } from '../serving/deployments.ts'
import type { ModelCache } from './model-cache.ts'
import { dayCells, isSettled, predictedDays } from './day-cells.ts'
import { piecesOf, scoreCells, type CellRange, type ScoreCell } from './score-cells.ts'

/** With fewer outcomes than this a chance is not told. */
const FEWEST_SAMPLES = 500
/** A step has at least this many: a chance of 0.5 is then told to about 8 points. */
const FEWEST_IN_STEP = 100
/** From the first slot to the last: outcomes of a few hours say nothing of the others. */
const WHOLE_DAY_SECONDS = DAY_SECONDS - HOUR_SECONDS
/** Whole days before today. */
const WINDOW_DAYS = 7
/** Of a 90 % interval. */
const Z = 1.644_853_627

export interface CalibrationOptions {
  readonly city: string
  readonly endpoint: string
  readonly target: Target
  readonly model_versions: Iterable<string>
  /** No outcome later than this is looked at. */
  readonly at: EpochSeconds
  /** Counts the outcomes of an hour at most: for whoever has them in memory. Without it they are counted in the lake. */
  readonly countHour?: (range: CellRange) => Promise<readonly ScoreCell[]>
}

/**
 * What scores of some model versions have meant, by version: by the outcomes of predictions that were made live in the seven
 * days before and on this one up to the hour. Of the endpoint; where it goes over less than a day, of that endpoint of the
 * city and target with the most outcomes of the version (staging, say, after a promotion). A version with fewer than 500 is
 * left out. Isotonic: a higher score never has a lower chance. The same as of the same moment, but for snapshots that came
 * late and endpoints that were deleted since.
 */
export async function calibrationsOf(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  options: CalibrationOptions,
  cache?: ModelCache,
): Promise<ReadonlyMap<string, Calibration>> {
  const versions = new Set(options.model_versions)
  if (versions.size === 0) return new Map()
  const found = new Map<string, Calibration>()
  const consider = async (endpoint: string): Promise<void> => {
    const cells = await cellsOf(platform, { ...options, endpoint }, cache)
    for (const version of versions) {
      const calibration = fromCells(version, endpoint, cells)
      if (calibration && calibration.samples > (found.get(version)?.samples ?? 0))
        found.set(version, calibration)
    }
  }
  await consider(options.endpoint)
  for (const [version, { from, until }] of found)
    if (until - from >= WHOLE_DAY_SECONDS) versions.delete(version)
  if (versions.size > 0)
    for (const endpoint of await otherEndpoints(platform.store, options)) await consider(endpoint)
  return found
}

/** Other endpoints of the city and target that have predicted. */
async function otherEndpoints(
  store: Platform['store'],
  { city, target, endpoint }: CalibrationOptions,
): Promise<string[]> {
  const others: string[] = []
  for (const folder of await store.folders('inference/')) {
    const name = folder.replace(/^endpoint=/, '')
    const deployment = name === endpoint ? undefined : await readDeployment(store, name)
    if (deployment?.city === city && deployment.target === target) others.push(name)
  }
  return others
}

/** Outcomes by score of an endpoint's days, as far as they are known at a moment. */
async function cellsOf(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  { city, endpoint, at, countHour = (range) => scoreCells(platform, range) }: CalibrationOptions,
  cache: ModelCache | undefined,
): Promise<readonly ScoreCell[]> {
  // A prediction of a slot before this is due at `at`. By the hour, so that few windows are asked for.
  const until = Math.floor((at - HORIZON_SECONDS) / HOUR_SECONDS) * HOUR_SECONDS
  const from = dayFloor(until) - WINDOW_DAYS * DAY_SECONDS
  const days = new Set(await predictedDays(platform.store, city, endpoint))
  const cells: ScoreCell[] = []
  // One after the other: a day is hundreds of files, and whoever waits for something else is to have a share.
  for (const piece of piecesOf({ from, until })) {
    if (!days.has(dsOf(piece.from))) continue
    const range = { city, endpoint, ...piece }
    const make = (): Promise<readonly ScoreCell[]> =>
      piece.until - piece.from === DAY_SECONDS ? dayCells(platform, range, at) : countHour(range)
    const key = [city, endpoint, piece.from, piece.until, isSettled(piece, at)].join('/')
    cells.push(...(await (cache ? cache.cells(key, make) : make())))
  }
  return cells
}

/** How often a score like this came true, by a calibration; null without one. */
export function chanceOf(calibration: Calibration | undefined, score: number): Chance | null {
  const steps = calibration?.steps.map((step) => ({ ...step, upTo: step.up_to })) ?? []
  const step = steps[stepAt(steps, score)]
  if (!step || step.samples === 0) return null
  const { samples, positives } = step
  const chance = positives / samples
  const divisor = 1 + Z ** 2 / samples
  const middle = (chance + Z ** 2 / (2 * samples)) / divisor
  const half = (Z / divisor) * Math.sqrt((chance * (1 - chance)) / samples + Z ** 2 / (4 * samples ** 2))
  return {
    chance,
    samples,
    positives,
    low: Math.max(0, Math.min(chance, middle - half)),
    high: Math.min(1, Math.max(chance, middle + half)),
  }
}

function fromCells(version: string, endpoint: string, all: readonly ScoreCell[]): Calibration | undefined {
  const cells = all.filter(({ model_version }) => model_version === version)
  const samples = sum(cells, ({ samples }) => samples)
  if (samples < FEWEST_SAMPLES) return undefined
  return {
    model_version: version,
    endpoint,
    from: Math.min(...cells.map(({ first_slot }) => first_slot)),
    until: Math.max(...cells.map(({ last_slot }) => last_slot)),
    samples,
    positives: sum(cells, ({ positives }) => positives),
    steps: stepsOf(merged(cells)),
  }
}

type Counted = Pick<ScoreCell, 'up_to' | 'samples' | 'positives'>

/** Cells of several days by score, those of the same thousandth as one. */
function merged(cells: readonly ScoreCell[]): Counted[] {
  const byCell = new Map<number, Counted>()
  for (const { cell, up_to, samples, positives } of cells) {
    const before = byCell.get(cell) ?? { up_to: 0, samples: 0, positives: 0 }
    byCell.set(cell, {
      up_to: Math.max(up_to, before.up_to),
      samples: samples + before.samples,
      positives: positives + before.positives,
    })
  }
  return [...byCell.entries()].sort(([a], [b]) => a - b).map(([, counted]) => counted)
}

function stepsOf(ascending: readonly Counted[]): Calibration['steps'] {
  const isotonic = openIsotonic(FEWEST_IN_STEP)
  for (const { up_to, samples, positives } of ascending) isotonic.add(up_to, samples, positives)
  return isotonic.steps().map(({ upTo, rows, positives }) => ({ up_to: upTo, samples: rows, positives }))
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
