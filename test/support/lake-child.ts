import { silentReporter } from '../../src/core/report.ts'
import { DAY_SECONDS } from '../../src/core/time.ts'
import { openFeedClient } from '../../src/data/gbfs/feed-client.ts'
import { compactDays } from '../../src/data/lake/compact.ts'
import { ingestOnce } from '../../src/data/lake/ingest.ts'
import { openLocalPlatform } from './local-platform.ts'

// A process to be killed: ingests ORIGIN/TIME/gbfs.json for each TIME into the lake in ROOT, then compacts its days.
const [root = '', origin = '', ...times] = process.argv.slice(2)
const platform = await openLocalPlatform(root)
const client = openFeedClient({ allowPrivate: true, retries: 0 })
process.stdout.write('ready\n')
for (const time of times) {
  await ingestOnce(platform, {
    city: 'test',
    feedUrl: `${origin}/${time}/gbfs.json`,
    client,
    weather: { source: 'none' },
    now: Number(time) + 20,
    report: silentReporter,
  })
}
const before = Number(times.at(-1)) + 2 * DAY_SECONDS
await compactDays(platform, { city: 'test', before, report: silentReporter })
await client.close()
await platform.close()
