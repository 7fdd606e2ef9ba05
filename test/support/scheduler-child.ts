import { setTimeout as sleep } from 'node:timers/promises'
import { configSchema } from '../../src/core/config/schema.ts'
import { messageOf } from '../../src/core/errors.ts'
import { silentReporter } from '../../src/core/report.ts'
import { openCityScheduler } from '../../src/operations/scheduler/city-scheduler.ts'
import type { Job } from '../../src/operations/scheduler/job.ts'
import type { Platform } from '../../src/platform/ports.ts'
import { openLocalPlatform } from './local-platform.ts'

// A process to be paused: keeps the lake in ROOT, with a lease of two seconds, by a job that writes without end.
const [root = ''] = process.argv.slice(2)
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const platform = (await openLocalPlatform(root)) as unknown as Platform
const job: Job = {
  name: 'writes',
  lane: 'main',
  cadence: { kind: 'every', every: 60, after: 0 },
  catchUp: { most: 0 },
  limit: 600,
  backoff: 1,
  async run({ platform: { store }, signal }) {
    for (let n = 0; !signal.aborted; n++) {
      await store.put('log/last.json', JSON.stringify({ pid: process.pid, n }))
      if (n === 0) say('writing')
      await sleep(20)
    }
    return { outcome: 'done' }
  },
}
const scheduler = openCityScheduler(
  {
    name: 'test',
    platform,
    ingest: { feedUrl: '', client: {} as never, weather: { source: 'none' } },
    settings: configSchema.parse({}),
  },
  {
    holder: { host: 'here', pid: process.pid },
    wall: () => Math.floor(Date.now() / 1000),
    elapsedMs: () => performance.now(),
    report: silentReporter,
    leaseSeconds: 2,
    jobs: [job],
  },
)
for (let heldBy = await scheduler.begin(); heldBy; heldBy = await scheduler.begin()) {
  say(`waiting for ${heldBy.holder?.pid}`)
  await sleep(100)
}
try {
  await scheduler.tick(Math.floor(Date.now() / 1000))
} catch (error) {
  say(`refused: ${messageOf(error)}`)
}
await scheduler.close()
await platform.close()
