import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS, dayFloor, dsOf, dsRange, HOUR_SECONDS, type EpochSeconds } from '../../src/core/time.ts'
import { buildFeatures } from '../../src/data/features/build.ts'
import { importRecording } from '../../src/data/lake/import.ts'
import type { CuratedSnapshot } from '../../src/data/lake/status-columns.ts'
import { openStatusTimeline } from '../../src/data/lake/replay/status-timeline.ts'
import { addLiveSnapshots, streamStatus } from '../../src/data/lake/status-day.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { openPlatform } from './platform.ts'
import type { Recording } from './recordings.ts'

/** Opens the platform over `root`, and closes it once `work` is done. */
export async function withPlatform<T>(root: string, work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await openPlatform(root)
  try {
    return await work(platform)
  } finally {
    await platform.close()
  }
}

/** Takes a recording into a lake, up to `to` (default: to its end). */
export async function importInto(
  platform: Platform,
  recording: Recording,
  to: EpochSeconds = recording.to,
): Promise<{ rows: number }> {
  const { city, status, information, weather, timezone, country, from } = recording
  const files = { city, status, information, weather, timezone, country }
  return importRecording(platform, { ...files, from, to, report: silentReporter })
}

/** Builds the features of every day of the recording's lake. */
export async function buildAll(platform: Platform, { city, timezone, country }: Recording): Promise<number> {
  const { days } = await buildFeatures(platform, { city, timezone, country, report: silentReporter })
  return days.reduce((rows, day) => rows + day.rows, 0)
}

/** From when on the lake of `fillLive` has its snapshots one by one: the last day but one. */
export const liveFrom = ({ from, to }: Recording): EpochSeconds =>
  Math.max(dayFloor(from), dayFloor(to) - DAY_SECONDS)

/** From when on the lake of `fillEveryMinute` has a snapshot a minute. */
export const minutesFrom = ({ to }: Recording): EpochSeconds => to - 7 * HOUR_SECONDS

/** Fills a lake as a feed would have: closed days in one file, the last two days in a file for every snapshot. */
export async function fillLive(lake: Platform, history: Platform, recording: Recording): Promise<void> {
  const { city, to } = recording
  const start = liveFrom(recording)
  await importInto(lake, recording, start)
  await addKnowledge(lake, recording)
  for (const ds of dsRange(start, to)) {
    const snapshots: CuratedSnapshot[] = []
    for await (const snapshot of streamStatus(history, city, ds)) snapshots.push(snapshot)
    await addLiveSnapshots(lake, city, ds, snapshots)
  }
}

/**
 * Fills a lake with the last hours as a feed that changes every minute would have: where the recording has a longer gap,
 * its newest snapshot stands for every minute of it.
 */
export async function fillEveryMinute(
  lake: Platform,
  history: Platform,
  recording: Recording,
): Promise<void> {
  const { city, to } = recording
  const start = minutesFrom(recording)
  await importInto(lake, recording, dayFloor(start))
  await addKnowledge(lake, recording)
  const timeline = await openStatusTimeline(history, city)
  for (const ds of dsRange(start, to)) {
    const snapshots: CuratedSnapshot[] = []
    for (let at = start; at < to; at += 60) {
      const newest = dsOf(at) === ds ? await timeline.newestAt(at) : undefined
      if (newest) snapshots.push({ ...newest, last_updated: at })
    }
    await addLiveSnapshots(lake, city, ds, snapshots)
  }
}

/** The recording's information and weather, without its status. */
async function addKnowledge(lake: Platform, recording: Recording): Promise<void> {
  const { city, information, weather, timezone, country } = recording
  await importRecording(lake, {
    city,
    status: [],
    information,
    weather,
    timezone,
    country,
    report: silentReporter,
  })
}
