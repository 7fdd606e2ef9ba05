/**
 * A process of its own over a directory store or a warehouse, for tests that race, kill or starve it. Arguments: what to
 * do, the root, a number. It says `ready`, waits for a line, then does it and says what came of it, a line each.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { isOperatorError, messageOf } from '../../src/core/errors.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { openLakeWarehouse } from '../../src/platform/local/lake-warehouse.ts'
import { openMetricStore } from '../../src/platform/local/metric-store/metric-store.ts'

const [task, root = '', amount = '0'] = process.argv.slice(2)
const store = openDirectoryStore(root)
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** Content that tells whether it is whole: its own hash, then what was hashed. */
function sealed(version: number): string {
  const body = `${version}\n${'x'.repeat((version * 7919) % 300_000)}`
  return `${createHash('sha256').update(body).digest('hex')}\n${body}`
}

async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
    say('done')
  } catch (error) {
    say(
      isOperatorError(error)
        ? `${error.code} ${error.message} | ${error.hint ?? ''}`
        : `bug ${messageOf(error)}`,
    )
  }
}

const TASKS: Readonly<Record<string, () => Promise<void>>> = {
  /** Creates one object unless it is there. */
  create: () => attempt(() => store.put('race.json', String(process.pid), { ifAbsent: true })),

  /** Puts `amount` metrics at once, then one. */
  async metrics() {
    const metrics = openMetricStore({ store })
    const data = Array.from({ length: Number(amount) }, (_, i) => ({
      MetricName: 'PSI',
      Dimensions: { City: 'demo' },
      Timestamp: 1_715_688_000 + i,
      Value: i + 1,
      Unit: 'None',
    }))
    await attempt(() => metrics.putMetricData('Test', data))
    await attempt(() => metrics.putMetricData('Test', data.slice(0, 1)))
  },

  /** Adds one to a counter, `amount` times. */
  async count() {
    for (let done = 0; done < Number(amount);) {
      const seen = await store.get('counter')
      try {
        const next = String(Number(new TextDecoder().decode(seen?.body)) + 1)
        await store.put('counter', next, { ifMatch: seen?.etag ?? '' })
        done += 1
      } catch (error) {
        if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
      }
    }
    say('done')
  },

  /** Puts ever newer versions of ten objects, in and out of new folders, until it is killed. */
  async hammer() {
    for (let version = Number(amount); ; version += 1) {
      const key = `k${version % 10}/object`
      await store.put(key, sealed(version))
      say(`${key} ${version}`)
      if (version % 7 === 0) {
        await store.put(`gone/${version}/x`, sealed(version))
        await store.delete(`gone/${version}/x`)
      }
    }
  },

  /** Puts one object of `amount` bytes. */
  put: () => attempt(() => store.put('big/object', new Uint8Array(Number(amount)))),

  /** The same with the rights of nobody. */
  'put-as-nobody': () => {
    if (process.getuid?.() === 0) process.setuid?.(65_534)
    return attempt(() => store.put('big/object', new Uint8Array(Number(amount))))
  },

  /** Writes a Parquet file of `amount` rows that do not compress. */
  async write() {
    const warehouse = await openLakeWarehouse({ root, threads: 2, memoryLimit: '500MB' })
    const sql =
      'SELECT hash(i) % 1000000007 AS a, hash(i + 1) / 3.0 AS b FROM range(CAST($rows AS BIGINT)) AS t(i)'
    await attempt(() =>
      warehouse.write({ name: 'noise', sql, params: { rows: Number(amount) } }, 'big/x.parquet'),
    )
    await warehouse.close()
  },
}

say('ready')
await once(process.stdin, 'data')
const run = TASKS[task ?? '']
if (!run) throw new Error(`No task ${task}`)
await run()
process.stdin.destroy()
