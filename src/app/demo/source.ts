import { join } from 'node:path'
import type { Reporter } from '../../core/report.ts'
import { type Clock, type EpochSeconds } from '../../core/time.ts'
import { openFeedClient } from '../../data/gbfs/feed-client.ts'
import { importLake, importRecording } from '../../data/lake/import.ts'
import { requireLake } from '../../data/lake/lake-info.ts'
import { recordingSpan } from '../../data/lake/recording/span.ts'
import { watchFeed } from '../../data/lake/watch.ts'
import { rememberCity } from '../../data/simulation/city-behind.ts'
import { writeSimulation } from '../../data/simulation/write.ts'
import type { Platform } from '../../platform/ports.ts'
import { SIMULATION_FROM, SIMULATION_TIMEZONE, type DemoSource } from './options.ts'

/** Where a demo's recording stands, once it is there. */
export interface DemoRecording {
  readonly first: EpochSeconds
  readonly last: EpochSeconds
  /** Takes `[from, to)` of it into a lake. */
  take(platform: Platform, range: { from?: EpochSeconds; to?: EpochSeconds }): Promise<void>
}

/** What fetching or making the recording needs. */
export interface SourceOptions {
  readonly source: DemoSource
  readonly city: string
  /** Of a recording; a simulation and a feed have their own. */
  readonly timezone: string | undefined
  readonly country: string | null
  readonly report: Reporter
  readonly signal: AbortSignal
  /** For a live feed, which goes by the wall clock. */
  readonly wall: Clock
}

/** Makes, finds or records the recording. `workshop` is a folder's platform of the demo's own, `root` its path. */
export async function openDemoRecording(
  workshop: Platform,
  root: string,
  o: SourceOptions,
): Promise<DemoRecording> {
  if (o.source.kind === 'feed') return recordFeed(workshop, o, o.source)
  if (o.source.kind === 'recording') return filesRecording(workshop, o, o.source, o.timezone, o.country)
  const { stations, days, seed } = o.source
  const written = await writeSimulation(workshop.warehouse, {
    stations,
    days,
    seed,
    from: SIMULATION_FROM,
    timezone: SIMULATION_TIMEZONE,
    report: o.report,
    signal: o.signal,
    status: 'recording/status.parquet',
    information: 'recording/information.parquet',
    weather: 'recording/weather.parquet',
  })
  const path = (key: string): string => join(root, key)
  const files = {
    status: written.status.map((file) => path(file.key)),
    information: [path(written.information.key)],
    weather: [path(written.weather.key)],
  }
  const recording = await filesRecording(workshop, o, files, SIMULATION_TIMEZONE, COUNTRY)
  const city = { seed, stations, from: SIMULATION_FROM, timezone: SIMULATION_TIMEZONE, country: COUNTRY }
  return {
    ...recording,
    take: async (platform, range) => {
      await recording.take(platform, range)
      // What-ifs of the lake, such as a plan's score, can be lived through in the city itself.
      await rememberCity(platform.store, city)
    },
  }
}

/** Whose public holidays a simulated city has. */
const COUNTRY = 'US'

async function filesRecording(
  workshop: Platform,
  o: SourceOptions,
  files: { status: readonly string[]; information: readonly string[]; weather: readonly string[] },
  timezone: string | undefined,
  country: string | null,
): Promise<DemoRecording> {
  const span = await recordingSpan(workshop.warehouse, files)
  return {
    ...span,
    take: async (platform, range) => {
      await importRecording(platform, {
        city: o.city,
        ...files,
        ...(timezone === undefined ? {} : { timezone }),
        country,
        ...range,
        report: o.report,
        signal: o.signal,
      })
    },
  }
}

/** Records a live feed into the workshop, going on from what an earlier, stopped demo recorded there. */
async function recordFeed(
  workshop: Platform,
  o: SourceOptions,
  source: { url: string; seconds: number },
): Promise<DemoRecording> {
  const signal = AbortSignal.any([o.signal, AbortSignal.timeout(source.seconds * 1000)])
  const client = openFeedClient({ allowPrivate: isLoopback(source.url), signal })
  const started = o.wall()
  const progress = o.report.start(`Recording ${source.url}`, source.seconds)
  try {
    await watchFeed(workshop, {
      city: o.city,
      feedUrl: source.url,
      client,
      weather: { source: 'open-meteo' },
      country: o.country,
      clock: o.wall,
      signal,
      report: o.report,
      onResult: (result) => {
        progress.update(Math.min(o.wall() - started, source.seconds), `${result.stations} stations`)
      },
    })
  } finally {
    await client.close()
  }
  progress.end()
  o.signal.throwIfAborted()
  await requireLake(workshop.store, o.city)
  const days = await recordingSpan(workshop.warehouse, { lake: workshop, city: o.city })
  return {
    ...days,
    take: async (platform, range) => {
      await importLake(platform, workshop, { ...range, report: o.report, signal: o.signal })
    },
  }
}

/** A feed on this machine was typed by the person who runs the demo, so it may be taken. */
function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}
