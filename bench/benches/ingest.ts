import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { liveStatusKey, rawPrefix } from '../../src/core/keys.ts'
import { silentReporter } from '../../src/core/report.ts'
import { dsOf, type EpochSeconds } from '../../src/core/time.ts'
import { openFeedClient } from '../../src/data/gbfs/feed-client.ts'
import { ingestOnce } from '../../src/data/lake/ingest.ts'
import { startReplay } from '../../src/data/lake/replay.ts'
import { peakRssMb, timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { liveFrom } from '../harness/lakes.ts'
import { latencies, sum } from '../harness/percentile.ts'
import { config, openPlatform } from '../harness/platform.ts'

/** The first ones make the lake, and warm up. */
const NOT_COUNTED = 3

/**
 * One snapshot after another from a feed on this machine into a lake: fetched, checked, kept raw and curated, all of it on
 * the disk when it is done. Against writing the same bytes to files and syncing them.
 */
export async function benchIngest({ folder, inputs }: BenchContext): Promise<Measurement> {
  const recording = await inputs.recording('nyc')
  const { city, to } = recording
  const history = await openPlatform(inputs.path('nyc-history'))
  const root = join(folder, 'lake')
  const lake = await openPlatform(root)
  const times = await history.warehouse.rows<{ last_updated: number }>({
    name: 'snapshot times',
    sql: 'select distinct last_updated from status order by last_updated',
    tables: {
      status: { dataset: 'station_status', city, dsFrom: dsOf(liveFrom(recording)), dsTo: dsOf(to) },
    },
  })
  const feed = await startReplay(history, { city })
  const client = openFeedClient({ allowPrivate: true })
  const seconds: number[] = []
  const taken: EpochSeconds[] = []
  let rows = 0
  for (const { last_updated: at } of times) {
    feed.advanceTo(at)
    // Rendering the document is the feed's work, not the lake's.
    await (await fetch(`${feed.origin}/station_status.json`)).arrayBuffer()
    const once = await timed(() =>
      ingestOnce(lake, {
        city,
        feedUrl: feed.url,
        client,
        weather: { source: 'open-meteo', base: feed.origin },
        now: at,
        report: silentReporter,
        replayed: true,
        metric: { namespace: config.cw_custom_ns, endpoint: config.sm_endpoint },
      }),
    )
    if (once.result.outcome !== 'stored') continue
    seconds.push(once.seconds)
    taken.push(at)
    rows += once.result.stations
  }
  const peak_rss_mb = peakRssMb()
  await client.close()
  await feed.close()
  await lake.close()
  await history.close()
  const counted = seconds.slice(NOT_COUNTED)
  return {
    rows: Math.round((rows / seconds.length) * counted.length),
    row_unit: 'status rows',
    seconds: sum(counted),
    peak_rss_mb,
    baseline: 'writing and syncing the same bytes',
    baseline_seconds: await rewrite(root, join(folder, 'copies'), city, taken.slice(NOT_COUNTED)),
    figures: { snapshots: counted.length, ...latencies(counted) },
  }
}

/** Seconds of writing what the lake keeps of every snapshot, each file synced. */
async function rewrite(
  root: string,
  folder: string,
  city: string,
  times: readonly EpochSeconds[],
): Promise<number> {
  await mkdir(folder)
  let seconds = 0
  for (const at of times) {
    const raw = rawPrefix('station_status', city, at)
    const keys = [...(await readdir(join(root, raw))).map((name) => `${raw}${name}`), liveStatusKey(city, at)]
    for (const [i, key] of keys.entries()) {
      const body = await readFile(join(root, key))
      seconds += (await timed(() => writeSynced(join(folder, `${at}-${i}`), body))).seconds
    }
  }
  return seconds
}

async function writeSynced(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(body)
    await file.sync()
  } finally {
    await file.close()
  }
}
