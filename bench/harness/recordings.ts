import { existsSync } from 'node:fs'
import { mkdir, writeFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { recordingSpan } from '../../src/data/lake/recording/span.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { openPlatform } from './platform.ts'

/** A city's recording in files, real or simulated, and the part of it that is used. */
export interface Recording {
  readonly city: string
  readonly source: 'recording' | 'simulation'
  readonly status: readonly string[]
  readonly information: readonly string[]
  readonly weather: readonly string[]
  readonly timezone: string
  readonly country: string
  /** Snapshots in `[from, to)`. */
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

/** A recorded city and the simulated one that stands in for it. */
const CITIES = {
  sf: {
    status: ['sf_status_2023-04-03_2023-05-14.parquet'],
    information: ['sf_information.parquet'],
    weather: [],
    timezone: 'America/Los_Angeles',
    // 42 days of 518 stations, a snapshot about every ten minutes.
    simulated: { stations: 518, days: 42, stepSeconds: 600, seed: 1 },
  },
  nyc: {
    status: ['nyc_status.parquet'],
    information: ['nyc_information.parquet'],
    weather: ['nyc_weather.csv', 'nyc_weather_forecast.csv'],
    timezone: 'America/New_York',
    // As many snapshots of as many stations as in the recording, every five minutes.
    simulated: { stations: 2212, days: 3, stepSeconds: 300, seed: 2 },
  },
} as const

export type RecordedCity = keyof typeof CITIES

const SIMULATED_FROM: EpochSeconds = Date.UTC(2024, 8, 2) / 1000

export interface RecordingChoice {
  /** Folder with the recordings; null where there is none. */
  readonly dataDir: string | null
  /** Use no more than the last days; null for all. */
  readonly days: number | null
}

/**
 * The recording of a city from `dataDir`, else a simulation of the same size, made in `folder`. Written to
 * `folder/recording.json`, where `readRecording` finds it.
 */
export async function prepareRecording(
  folder: string,
  city: RecordedCity,
  choice: RecordingChoice,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { timezone } = CITIES[city]
  const real = choice.dataDir === null ? undefined : inFolder(choice.dataDir, CITIES[city])
  const platform = await openPlatform(folder)
  try {
    const files = real ?? (await simulate(folder, city, choice))
    const span = await recordingSpan(platform.warehouse, { status: files.status })
    const to = span.last + 1
    const recording: Recording = {
      city,
      source: real ? 'recording' : 'simulation',
      ...files,
      timezone,
      country: 'US',
      from: choice.days === null ? span.first : Math.max(span.first, to - choice.days * DAY_SECONDS),
      to,
    }
    await writeFile(join(folder, 'recording.json'), JSON.stringify(recording))
  } finally {
    await platform.close()
  }
}

/** What `prepareRecording` left in `folder`. */
export async function readRecording(folder: string): Promise<Recording> {
  return JSON.parse(await readFile(join(folder, 'recording.json'), 'utf8')) as Recording
}

type RecordingFiles = Pick<Recording, 'status' | 'information' | 'weather'>

/** The files, when all of them are there. */
function inFolder(folder: string, names: RecordingFiles): RecordingFiles | undefined {
  const paths = (list: readonly string[]): string[] => list.map((name) => join(folder, name))
  const files = {
    status: paths(names.status),
    information: paths(names.information),
    weather: paths(names.weather),
  }
  return [...files.status, ...files.information, ...files.weather].every((path) => existsSync(path))
    ? files
    : undefined
}

async function simulate(
  folder: string,
  city: RecordedCity,
  choice: RecordingChoice,
): Promise<RecordingFiles> {
  const { simulated, timezone } = CITIES[city]
  const platform = await openPlatform(folder)
  try {
    const written = await writeSimulation(platform.warehouse, {
      ...simulated,
      days: Math.min(simulated.days, choice.days ?? simulated.days),
      from: SIMULATED_FROM,
      timezone,
      status: 'simulation/status.parquet',
      information: 'simulation/information.parquet',
      weather: 'simulation/weather.parquet',
    })
    const path = ({ key }: { readonly key: string }): string => join(folder, key)
    return {
      status: written.status.map(path),
      information: [path(written.information)],
      weather: [path(written.weather)],
    }
  } finally {
    await platform.close()
  }
}
