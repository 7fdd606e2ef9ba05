import { join } from 'node:path'
import { FEATURE_NAMES, STATION_STATE_FEATURES } from '../../src/core/contracts/features.ts'
import { trainingParamsSchema, type GivenTrainingParams } from '../../src/core/contracts/manifest.ts'
import { silentReporter } from '../../src/core/report.ts'
import { BATCH_SECONDS, DAY_SECONDS, parseTime, type EpochSeconds } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { evaluationRowsStatement, trainingRowsStatement } from '../../src/data/features/model-rows.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openTrainer } from '../../src/platform/local/in-process-trainer.ts'
import { openLocalPlatform, type LocalPlatform } from './local-platform.ts'
import { libraryPath } from './stump-model.ts'

const FROM = parseTime('2024-09-02T00:00:00Z')
const CITY = 'power'
const ZONE = { timezone: 'America/New_York', country: 'US' } as const
const WIDTH = FEATURE_NAMES.length

/** A simulated city, trained on its first days; its other days are scored by every model. */
export interface ScoredCityOptions {
  readonly stations: number
  readonly trainDays: number
  readonly poolDays: number
  /** Models that differ by nothing but their seed. */
  readonly seeds: number
  readonly params: GivenTrainingParams
}

/** Ten minutes of it: every station whose outcome is known, what came, and what each model said. */
export interface ScoredSlot {
  readonly slot: EpochSeconds
  readonly stations: readonly string[]
  readonly counts: readonly number[]
  readonly labels: readonly number[]
  readonly scores: Readonly<Record<string, Float64Array>>
}

/** A model and what is done to what it is given. */
interface Subject {
  readonly name: string
  readonly model: string
  readonly spoil?: (features: Float32Array, rows: number) => Float32Array
}

/** A city and what its models said. */
export interface ScoredCity {
  readonly slots: readonly ScoredSlot[]
  /** Mean loss of `seed 1` on the last day before: what it was validated on. */
  readonly usualLoss: number
}

/** Makes the city below `folder`. Models are `seed 1`, …; the others are `seed 1` with something wrong. */
export async function makeScoredCity(folder: string, o: ScoredCityOptions): Promise<ScoredCity> {
  const lake = await openLocalPlatform(folder)
  const scorer = openScorer({ libraryPath: libraryPath(), threads: 2 })
  try {
    const poolFrom = FROM + o.trainDays * DAY_SECONDS
    await fill(lake, o)
    const models = await train(lake, poolFrom, o)
    const loaded = new Map(
      await Promise.all(
        Object.entries(models).map(async ([name, file]) => [name, await scorer.load(file)] as const),
      ),
    )
    const slots: ScoredSlot[] = []
    const statement = (from: EpochSeconds) =>
      evaluationRowsStatement({ city: CITY, target: 'bikes', from, until: from + DAY_SECONDS })
    for (let from = poolFrom - DAY_SECONDS; from < poolFrom + o.poolDays * DAY_SECONDS; from += DAY_SECONDS) {
      const day = await readDay(lake, statement(from))
      const scores: Record<string, Float32Array> = {}
      for (const { name, model, spoil } of subjects(models)) {
        const features = spoil ? spoil(day.features, day.slots.length) : day.features
        scores[name] = (await loaded.get(model)?.predict(features, day.slots.length)) ?? new Float32Array()
      }
      slots.push(...slotsOf(day, scores))
    }
    const [held, pool] = [
      slots.filter(({ slot }) => slot < poolFrom),
      slots.filter(({ slot }) => slot >= poolFrom),
    ]
    return { slots: withOldStates(pool), usualLoss: meanLoss(held, 'seed 1') }
  } finally {
    await scorer.close()
    await lake.close()
  }
}

async function fill(lake: LocalPlatform, o: ScoredCityOptions): Promise<void> {
  const path = ({ key }: { readonly key: string }): string => join(lake.root, key)
  const written = await writeSimulation(lake.warehouse, {
    seed: 7,
    stations: o.stations,
    days: o.trainDays + o.poolDays,
    from: FROM,
    timezone: ZONE.timezone,
    status: 'simulation/status.parquet',
    information: 'simulation/information.parquet',
    weather: 'simulation/weather.parquet',
  })
  await importRecording(lake, {
    city: CITY,
    ...ZONE,
    status: written.status.map(path),
    information: [path(written.information)],
    weather: [path(written.weather)],
    report: silentReporter,
  })
  await buildFeatures(lake, { city: CITY, ...ZONE, report: silentReporter })
}

async function train(
  lake: LocalPlatform,
  until: EpochSeconds,
  o: ScoredCityOptions,
): Promise<Record<string, Uint8Array>> {
  const trainer = openTrainer({ ...lake, libraryPath: libraryPath(), env: process.env })
  const rows = { city: CITY, target: 'bikes' } as const
  const trainKey = 'power/train.parquet'
  // The last day is held back, to tell the usual loss.
  const statement = trainingRowsStatement({ ...rows, from: FROM, until: until - DAY_SECONDS })
  await lake.warehouse.write(statement, trainKey)
  const fit = async (name: string, params: GivenTrainingParams): Promise<Uint8Array> =>
    (
      await trainer.fit({
        prefix: `power/${name.replaceAll(' ', '-')}/`,
        trainKey,
        // So that no seed is stopped earlier than another: then they would not be equally good.
        validationKey: trainKey,
        featureNames: FEATURE_NAMES,
        params: trainingParamsSchema.parse({ ...o.params, ...params }),
      })
    ).model
  const models: Record<string, Uint8Array> = {}
  for (let seed = 1; seed <= o.seeds; seed++) models[`seed ${seed}`] = await fit(`seed ${seed}`, { seed })
  models['hardly trained'] = await fit('hardly trained', { num_round: 12, max_depth: 3, eta: 0.15 })
  return models
}

interface Day {
  readonly slots: readonly EpochSeconds[]
  readonly stations: readonly string[]
  readonly counts: readonly number[]
  readonly labels: readonly number[]
  readonly features: Float32Array
}

async function readDay(
  lake: LocalPlatform,
  statement: ReturnType<typeof evaluationRowsStatement>,
): Promise<Day> {
  const slots: number[] = []
  const stations: string[] = []
  const counts: number[] = []
  const labels: number[] = []
  const parts: Float32Array[] = []
  for await (const { rows, columns } of lake.warehouse.stream(statement)) {
    const column = <T>(name: string): ArrayLike<T> => columns[name] as unknown as ArrayLike<T>
    slots.push(...Array.from(column<number>('slot'), Number))
    stations.push(...Array.from(column<string>('station_id')))
    counts.push(...Array.from(column<number>('count'), Number))
    labels.push(...Array.from(column<number>('label'), Number))
    const part = new Float32Array(rows * WIDTH)
    for (const [place, name] of FEATURE_NAMES.entries()) {
      const values = column<number | null>(name)
      for (let row = 0; row < rows; row++) part[row * WIDTH + place] = values[row] ?? Number.NaN
    }
    parts.push(part)
  }
  const features = new Float32Array(slots.length * WIDTH)
  let at = 0
  for (const part of parts) {
    features.set(part, at)
    at += part.length
  }
  return { slots, stations, counts, labels, features }
}

function subjects(models: Readonly<Record<string, unknown>>): Subject[] {
  const states = STATION_STATE_FEATURES.length
  const permuted: NonNullable<Subject['spoil']> = (given, count) => {
    const spoiled = given.slice()
    for (let row = 0; row < count; row++)
      for (let column = 0; column < states; column++)
        spoiled[row * WIDTH + column] = given[row * WIDTH + states - 1 - column] ?? Number.NaN
    return spoiled
  }
  return [
    ...Object.keys(models).map((name) => ({ name, model: name })),
    { name: 'permuted features', model: 'seed 1', spoil: permuted },
  ]
}

function slotsOf(day: Day, scores: Readonly<Record<string, Float32Array>>): ScoredSlot[] {
  const made: ScoredSlot[] = []
  for (let from = 0; from < day.slots.length;) {
    let until = from
    while (until < day.slots.length && day.slots[until] === day.slots[from]) until++
    made.push({
      slot: day.slots[from] ?? 0,
      stations: day.stations.slice(from, until),
      counts: day.counts.slice(from, until),
      labels: day.labels.slice(from, until),
      scores: Object.fromEntries(
        Object.entries(scores).map(([name, all]) => [name, Float64Array.from(all.subarray(from, until))]),
      ),
    })
    from = until
  }
  return made
}

/**
 * Candidates that see the city as it was some batches ago, at some of the stations: features of another slot than they say
 * are among the commonest mistakes, and with the share of the stations the loss can be chosen.
 */
export const OLD_STATES = [
  { name: '10 min old states, 1 station in 4', batches: 1, oneIn: 4 },
  { name: '10 min old states, 1 in 2', batches: 1, oneIn: 2 },
  { name: '10 min old states', batches: 1, oneIn: 1 },
  { name: '30 min old states', batches: 3, oneIn: 1 },
] as const

function withOldStates(slots: readonly ScoredSlot[]): ScoredSlot[] {
  const bySlot = new Map(
    slots.map(({ slot, stations, scores }) => [
      slot,
      new Map(stations.map((station, i) => [station, scores['seed 1']?.[i] ?? 0] as const)),
    ]),
  )
  const place = new Map<string, number>()
  for (const { stations } of slots)
    for (const station of stations) if (!place.has(station)) place.set(station, place.size)
  return slots.map((one) => {
    const old = ({ batches, oneIn }: (typeof OLD_STATES)[number]): Float64Array => {
      const before = bySlot.get(one.slot - batches * BATCH_SECONDS)
      return Float64Array.from(one.stations, (station, i) => {
        const now = one.scores['seed 1']?.[i] ?? 0
        return (place.get(station) ?? 0) % oneIn === 0 ? (before?.get(station) ?? now) : now
      })
    }
    return {
      ...one,
      scores: { ...one.scores, ...Object.fromEntries(OLD_STATES.map((o) => [o.name, old(o)])) },
    }
  })
}

/** Mean squared error of a model over some slots. */
export function meanLoss(slots: readonly ScoredSlot[], model: string): number {
  let [rows, sum] = [0, 0]
  for (const { labels, scores } of slots)
    for (const [i, label] of labels.entries()) {
      rows++
      sum += ((scores[model]?.[i] ?? 0) - label) ** 2
    }
  return sum / rows
}
