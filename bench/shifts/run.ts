import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_SECONDS, dayFloor } from '../../src/core/time.ts'
import { writeSimulation } from '../../src/data/simulation/write.ts'
import { buildAll, importInto, withPlatform } from '../harness/lakes.ts'
import { prepareRecording, readRecording, type Recording } from '../harness/recordings.ts'
import { dataFolder } from './data-folder.ts'
import { judgeLake, type Verdict } from './judge-lake.ts'
import { quietTable, shiftTable } from './tables.ts'

/** Where the tables stand. */
const PAGE = join(import.meta.dirname, '../../docs/monitoring.md')
/** Weeks that models are trained on, and weeks that are judged. */
const TRAINING_DAYS = 14
const QUIET_DAYS = 28

/**
 * Measures the table of shifts of docs/monitoring.md anew: quiet weeks and planted shifts, in a simulated city and, where it is
 * at hand, in the San Francisco recording. `npm run shifts`
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-shifts-'))
  try {
    const verdicts = [await judge('simulated city', await simulate(folder), join(folder, 'sim'))]
    const dataDir = await dataFolder()
    if (dataDir !== null) {
      await prepareRecording(join(folder, 'files'), 'sf', { dataDir, days: null })
      const recording = await readRecording(join(folder, 'files'))
      verdicts.push(await judge('San Francisco', recording, join(folder, 'sf')))
    }
    const page = await readFile(PAGE, 'utf8')
    await writeFile(
      PAGE,
      replaced(replaced(page, 'quiet', quietTable(verdicts)), 'shifts', shiftTable(verdicts)),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function simulate(folder: string): Promise<Recording> {
  const from = Date.UTC(2024, 8, 2) / 1000
  const timezone = 'America/New_York'
  return withPlatform(folder, async ({ warehouse }) => {
    const written = await writeSimulation(warehouse, {
      seed: 1,
      stations: 250,
      from,
      days: TRAINING_DAYS + QUIET_DAYS,
      timezone,
      status: 'simulation/status.parquet',
      information: 'simulation/information.parquet',
      weather: 'simulation/weather.parquet',
    })
    const path = ({ key }: { readonly key: string }): string => join(folder, key)
    return {
      city: 'simulated',
      source: 'simulation',
      status: written.status.map(path),
      information: [path(written.information)],
      weather: [path(written.weather)],
      timezone,
      country: 'US',
      from,
      to: from + (TRAINING_DAYS + QUIET_DAYS) * DAY_SECONDS,
    }
  })
}

function judge(name: string, recording: Recording, root: string): Promise<Verdict> {
  return withPlatform(root, async (lake) => {
    await importInto(lake, recording)
    await buildAll(lake, recording)
    const from = dayFloor(recording.from)
    const quietFrom = from + TRAINING_DAYS * DAY_SECONDS
    const until = Math.min(quietFrom + QUIET_DAYS * DAY_SECONDS, dayFloor(recording.to))
    const { city, timezone } = recording
    return judgeLake(name, lake, { city, timezone, from, quietFrom, until })
  })
}

function replaced(page: string, name: string, table: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!pattern.test(page)) throw new Error(`docs/monitoring.md has no table "${name}"`)
  return page.replace(pattern, (_all, begin: string, end: string) => `${begin}\n${table}\n\n${end}`)
}

await main()
