import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Timeline } from '../../src/core/contracts/api/city.ts'
import { addSilence } from '../../src/operations/alarms/silences.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { timed, type BenchContext, type Measurement } from '../harness/bench.ts'
import { lakesIn, startServer, type Server } from '../harness/dashboard.ts'
import { latencies, percentile, sum } from '../harness/percentile.ts'

/** Moments of the last day that each view is asked at, every one once. */
const MOMENTS = 40
const CLIENTS = 100
const LIVE_SECONDS = 30
/** Something changes this often, and each client asks again for what it shows. */
const CHANGE_SECONDS = 10

/**
 * Every view of the dashboard at moments of the last day, each asked for once, one after another, by HTTP from the built
 * program; then 100 pages with live updates, of which each asks again for the map and the list when something changes.
 * Against as many requests that read nothing.
 */
export async function benchDashboardApi({ folder }: BenchContext): Promise<Measurement> {
  const data = await lakesIn(folder)
  const city = (await readFile(join(data, 'default-city'), 'utf8')).trim()
  const server = await startServer(data)
  try {
    const ask = async (path: string): Promise<string> => {
      const answer = await fetch(`${server.url}/api${path}`)
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return answer.text()
    }
    const timeline = JSON.parse(await ask(`/cities/${city}/timeline?stage=prod`)) as Timeline
    const moments = timeline.batches.slice(-MOMENTS)
    const [station = ''] = (JSON.parse(await ask(`/cities/${city}/stations`)) as { station_id: string[] })
      .station_id
    const views: Record<string, (at: number) => string> = {
      state: (at) => `state?stage=prod&at=${at}`,
      top: (at) => `top?stage=prod&at=${at}`,
      station: (at) => `stations/${encodeURIComponent(station)}?stage=prod&at=${at}`,
      model: (at) => `model?stage=prod&at=${at}`,
      system: (at) => `system?at=${at}`,
      releases: (at) => `releases?at=${at}`,
      gate: (at) => `gate?stage=prod&at=${at}`,
    }
    const byView: Record<string, number> = {}
    const all: number[] = []
    const first: number[] = []
    for (const [name, query] of Object.entries(views)) {
      const seconds: number[] = []
      for (const at of moments) seconds.push((await timed(() => ask(`/cities/${city}/${query(at)}`))).seconds)
      first.push(seconds[0] ?? 0)
      const warm = seconds.slice(1)
      all.push(...warm)
      byView[`p95_ms_${name}`] = percentile(warm, 0.95) * 1000
    }
    const live = await liveShare(server, join(data, city), city)
    const baseline = await timed(async () => {
      for (const _ of all) await ask('/session')
    })
    return {
      rows: all.length,
      row_unit: 'requests',
      seconds: sum(all),
      peak_rss_mb: await peakOf(server.process),
      baseline: 'as many requests that read nothing',
      baseline_seconds: baseline.seconds,
      figures: {
        stored_days: Math.round(((timeline.to ?? 0) - (timeline.from ?? 0)) / 86_400),
        ...latencies(all),
        ...byView,
        first_ms_max: Math.max(...first) * 1000,
        live_clients: CLIENTS,
        live_events: live.events,
        live_cpu_share: live.share,
      },
    }
  } finally {
    server.process.kill('SIGTERM')
    await once(server.process, 'exit')
  }
}

/** What share of a core the server takes while 100 pages listen. */
async function liveShare(
  server: Server,
  root: string,
  city: string,
): Promise<{ events: number; share: number }> {
  const store = openDirectoryStore(root)
  const stop = new AbortController()
  let events = 0
  const page = async (): Promise<void> => {
    const stream = await fetch(`${server.url}/api/live?city=${city}`, { signal: stop.signal })
    for await (const chunk of stream.body ?? []) {
      if (!Buffer.from(chunk).toString().includes('data:')) continue
      events += 1
      for (const view of ['state', 'top', 'system']) {
        const answer = await fetch(`${server.url}/api/cities/${city}/${view}`, { signal: stop.signal })
        await answer.arrayBuffer()
      }
    }
  }
  const pages = Array.from({ length: CLIENTS }, () => page().catch(() => {}))
  await sleep(2000)
  const before = await cpuSeconds(server.process)
  const { seconds } = await timed(async () => {
    for (let i = 0; i < LIVE_SECONDS / CHANGE_SECONDS; i++) {
      await addSilence(store, {
        alarm: `bench-${i}`,
        from: 1000 + i,
        seconds: 60,
        by: 'bench',
        why: 'a change',
      })
      await sleep(CHANGE_SECONDS * 1000)
    }
  })
  const share = ((await cpuSeconds(server.process)) - before) / seconds
  stop.abort()
  await Promise.all(pages)
  return { events, share }
}

/** Processor time of a process so far, all its threads together; in ticks of 10 ms. */
async function cpuSeconds({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + system) / 100
}

async function peakOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024
}
