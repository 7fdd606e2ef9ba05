import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import type { Release, Strategy } from '../../src/core/contracts/release.ts'
import { readHistory, verifyHistory } from '../../src/model/serving/history.ts'
import { readDeployment } from '../../src/model/serving/deployments.ts'
import { beginRelease, activeRelease } from '../../src/operations/release/release-store.ts'
import { beginRollback } from '../../src/operations/release/rollback.ts'
import { stepRelease, type Analysis } from '../../src/operations/release/step-release.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import { openEndpointHost } from '../../src/platform/local/endpoint-host/endpoint-host.ts'
import { serveHost } from '../../src/platform/local/endpoint-host/serve-host.ts'
import { openReleaseLab, PROD, STRATEGIES, WAIT, GO } from '../support/release-lab.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { CITY } from '../support/serving-platform.ts'
import { libraryPath } from '../support/stump-model.ts'
import type { Traffic } from '../support/traffic-child.ts'

const CHILD = fileURLToPath(new URL('../support/traffic-child.ts', import.meta.url))
const REQUESTS = 100_000
const CONNECTIONS = 8
/** How long each step of a release is watched, in milliseconds. */
const WATCH_MS = 1500
const AB: Strategy = { type: 'ab', ramp: [10, 25, 50, 100], bake_seconds: 0, max_wait_seconds: 3600 }

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

it('no client of 100,000 requests hears of promotions, ramps, rollbacks and a restart of the host', async () => {
  const lab = await openReleaseLab(scorer)
  const { store, metrics } = lab.serving
  const begun = performance.now()
  const clock = (): number => lab.now + Math.floor((performance.now() - begun) / 1000)
  const alarms = openAlarmStore({ store, metrics, clock })
  const open = async (port: number) => {
    const host = openEndpointHost({
      store,
      metrics,
      alarms,
      libraryPath: libraryPath(),
      scorer,
      clock,
      elapsedMs: () => performance.now(),
      random: seededRandom(11),
    })
    const server = await serveHost(host, { hostname: '127.0.0.1', port, allowControl: false })
    return { host, server }
  }
  let serving = await open(0)
  const { url } = serving.server
  const restart = async (): Promise<void> => {
    await serving.server.close()
    await serving.host.close()
    serving = await open(Number(new URL(url).port))
  }
  const platform = () => ({ store, alarms, endpoints: serving.host })

  const child = fork(CHILD, [url, PROD, String(CONNECTIONS)], { execArgv: ['--import', 'tsx'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let heard: Traffic = { requests: 0, failed: 0, failures: [], reconnects: 0, answers: {} }
  child.on('message', (traffic: Traffic) => (heard = traffic))
  await until(child, () => heard.requests > 500)

  const told = new Map<string, { releases: number; requests: number; failed: number }>()
  /** Goes on with the release until it has ended; each step is watched for a while, and then goes on or back. */
  const follow = async (
    what: string,
    at: (step: number) => Promise<Analysis> | Analysis = () => GO,
  ): Promise<Release> => {
    const before = heard
    for (let watched = -1, since = 0; ;) {
      const release = await stepRelease(platform(), {
        now: clock(),
        analyse: async ({ step }) => {
          if (step !== watched) [watched, since] = [step, performance.now()]
          return performance.now() - since < WATCH_MS ? WAIT : at(step)
        },
      })
      if (!release) throw new Error('there is no release')
      if (['done', 'rolled_back', 'failed'].includes(release.phase)) {
        const sum = told.get(what) ?? { releases: 0, requests: 0, failed: 0 }
        told.set(what, {
          releases: sum.releases + 1,
          requests: sum.requests + heard.requests - before.requests,
          failed: sum.failed + heard.failed - before.failed,
        })
        return release
      }
      await sleep(50)
    }
  }
  const promote = async (strategy: Strategy, id: string): Promise<void> => {
    await beginRelease(store, await lab.releaseOf(strategy, id))
  }
  const back = async (): Promise<void> => {
    await beginRollback(platform(), {
      city: CITY,
      endpoint: PROD,
      targets: ['bikes'],
      instanceType: 'ml.m5.large',
      capturePercent: 0,
      by: 'ann',
      why: 'a test',
      now: clock(),
    })
  }

  /** Every way in and every way back, once. */
  const round = async (n: number): Promise<void> => {
    await promote(STRATEGIES.canary, `r${n}a`)
    expect((await follow('canary, 10 %')).phase).toBe('done')
    await back()
    expect((await follow('rollback')).phase).toBe('done')
    await promote(AB, `r${n}b`)
    expect((await follow('A/B, 10, 25, 50, 100 %')).phase).toBe('done')
    await back()
    expect((await follow('rollback')).phase).toBe('done')
    await promote(AB, `r${n}c`)
    let restarted = false
    const taken = await follow('A/B, host restarted, taken back', async (step) => {
      if (step === 1 && !restarted) {
        restarted = true
        await restart()
      }
      return step < 2 ? GO : { verdict: 'rollback', reasons: ['a test says so'] }
    })
    expect(taken.phase).toBe('rolled_back')
    await promote({ ...STRATEGIES.linear, step_percent: 25 }, `r${n}d`)
    expect((await follow('linear, 25 %')).phase).toBe('done')
    await back()
    await restart()
    expect((await follow('rollback after a restart')).phase).toBe('done')
  }
  let rounds = 0
  while (heard.requests < REQUESTS) await round(++rounds)
  child.send('end')
  await once(child, 'exit')

  const seconds = (performance.now() - begun) / 1000
  const lines = [
    `${heard.requests} requests in ${seconds.toFixed(0)} s over ${CONNECTIONS} connections, ${heard.failed} failed; ${2 * rounds} restarts, ${heard.reconnects} connections refused and asked for again; answers ${JSON.stringify(heard.answers)}`,
    ...[...told].map(
      ([what, { releases, requests, failed }]) =>
        `  ${what.padEnd(32)} ${String(releases).padStart(3)} releases ${String(requests).padStart(7)} requests ${failed} failed`,
    ),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  expect(heard.failures).toEqual([])
  expect(heard.failed).toBe(0)
  expect(heard.requests).toBeGreaterThanOrEqual(REQUESTS)
  expect(Object.keys(heard.answers).sort()).toEqual(['0.8', '0.9'])
  expect((await readDeployment(store, PROD))?.variants.map((v) => v.model_version)).toEqual([
    lab.first.version,
  ])
  expect((await readHistory(store)).length).toBeGreaterThan(8)
  expect(await verifyHistory(store)).toEqual([])
  expect(await activeRelease(store)).toBeUndefined()
  await serving.server.close()
  await serving.host.close()
  await lab.serving.close()
})

async function until(child: ChildProcess, reached: () => boolean): Promise<void> {
  while (!reached()) {
    if (child.exitCode !== null) throw new Error(`the clients ended with ${child.exitCode}`)
    await sleep(50)
  }
}
