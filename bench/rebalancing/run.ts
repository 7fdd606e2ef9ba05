import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '../../src/core/config/schema.ts'
import { NO_CONSTRAINTS } from '../../src/operations/rebalancing/constraints-store.ts'
import { planSettings } from '../../src/operations/rebalancing/settings.ts'
import { importInto, withPlatform } from '../harness/lakes.ts'
import { prepareRecording, readRecording } from '../harness/recordings.ts'
import { dataFolder } from '../shifts/data-folder.ts'
import { recordedPeaks } from './recorded-peaks.ts'
import { simulatedCities } from './simulated-cities.ts'
import { citiesTable, peaksTable } from './tables.ts'

/** Where the tables stand. */
const PAGE = join(import.meta.dirname, '../../docs/rebalancing.md')
/** The last working day of the recording that has an evening. */
const LAST_DAY = '2023-05-12'
const PEAKS = 15
const SEEDS = 20
const STATIONS = 120
const FUTURES = 3

/**
 * Measures the tables of docs/rebalancing.md anew: plans for evening peaks of the San Francisco recording, where it is at
 * hand, and for simulated cities. `npm run rebalancing [-- peaks|cities]`
 */
async function main(parts: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-rebalancing-'))
  // Time enough for a machine that is busy: the plan is the same with less, where the solver needs less.
  const settings = (trucks: number) =>
    planSettings(configSchema.parse({}).rebalancing, NO_CONSTRAINTS, { trucks, time_limit_seconds: 300 })
  try {
    const wants = (part: string): boolean => parts.length === 0 || parts.includes(part)
    const dataDir = wants('peaks') ? await dataFolder() : null
    if (dataDir !== null) {
      await prepareRecording(join(folder, 'files'), 'sf', { dataDir, days: null })
      const recording = await readRecording(join(folder, 'files'))
      const rows = await withPlatform(join(folder, 'sf'), async (platform) => {
        await importInto(platform, recording)
        return recordedPeaks(platform, {
          lastDay: LAST_DAY,
          days: PEAKS,
          settings: settings(5),
          elapsedMs: () => performance.now(),
        })
      })
      await place('peaks', peaksTable(rows))
    }
    if (wants('cities')) {
      const o = { seeds: SEEDS, stations: STATIONS, futures: FUTURES, settings: settings(3) }
      await place('cities', citiesTable(await simulatedCities(folder, o)))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts a table between its markers. */
async function place(name: string, table: string): Promise<void> {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const page = await readFile(PAGE, 'utf8')
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for "${name}"`)
  await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`)
}

await main(process.argv.slice(2))
