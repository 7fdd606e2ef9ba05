import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Strategy } from '../../src/core/contracts/release.ts'
import { DAY_SECONDS, HOUR_SECONDS } from '../../src/core/time.ts'
import { readDeployment } from '../../src/model/serving/deployments.ts'
import { verifyHistory } from '../../src/model/serving/history.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import {
  LIVE_FROM,
  openReleaseCity,
  PROD,
  type Batch,
  type ReleaseCity,
  type ReleaseTrial,
} from '../support/release-city.ts'
import { libraryPath } from '../support/stump-model.ts'

const CONTAINER = fileURLToPath(new URL('../support/bad-container.ts', import.meta.url))
const FAULTS = ['slow', 'failing', 'permuted', 'constant', 'nan'] as const
type Fault = (typeof FAULTS)[number]

const AB: Strategy = {
  type: 'ab',
  ramp: [10, 25, 50, 100],
  bake_seconds: HOUR_SECONDS,
  max_wait_seconds: DAY_SECONDS,
}
const SHADOW: Strategy = { type: 'shadow', bake_seconds: HOUR_SECONDS, max_wait_seconds: DAY_SECONDS }
/** Requests of other clients in ten minutes, beside the batch. */
const CLIENTS = 300

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
let city: ReleaseCity
const told: string[] = []
beforeAll(async () => {
  city = await openReleaseCity(scorer)
})
afterAll(async () => {
  await city.close()
  await scorer.close()
  process.stdout.write(`${told.join('\n')}\n`)
})

const images = Object.fromEntries(
  FAULTS.map((fault) => [
    fault,
    [process.execPath, '--import', 'tsx', CONTAINER, '--library', libraryPath(), '--fault', fault],
  ]),
)

/** Of a candidate that is not slow no latency is measured. */
async function open(isSlow = false): Promise<ReleaseTrial> {
  const trial = await city.open({ images, ...(!isSlow && { elapsedMs: () => 0 }) })
  onTestFinished(() => trial.close())
  return trial
}

/** Other clients, who ask about one station each. Those of a candidate that fails hear it, as on SageMaker. */
async function clients({ platform }: ReleaseTrial): Promise<number> {
  let failed = 0
  for (let request = 0; request < CLIENTS; request++)
    await platform.endpoints
      .invokeEndpoint({ EndpointName: PROD, Body: `0.5${','.repeat(24)}`, ContentType: 'text/csv' })
      .catch(() => failed++)
  return failed
}

interface Outcome {
  readonly batches: number
  readonly greatestShare: number
  readonly last: Batch
}

/** Goes on batch by batch until the release has ended. */
async function untilEnded(
  trial: ReleaseTrial,
  most: number,
  each: (
    batch: number,
  ) => Parameters<ReleaseTrial['batch']>[0] | Promise<Parameters<ReleaseTrial['batch']>[0]> = () => ({}),
): Promise<Outcome> {
  let greatestShare = 0
  for (let batches = 1; batches <= most; batches++) {
    const last = await trial.batch(await each(batches))
    greatestShare = Math.max(greatestShare, last.share)
    const ended = last.release === undefined || last.release.phase !== 'baking'
    if (ended) return { batches, greatestShare, last }
  }
  throw new Error(`still under way after ${most} batches`)
}

/** What served before serves again, alone, and the record of it holds. */
async function expectBack(trial: ReleaseTrial, { last }: Outcome): Promise<void> {
  expect(last.release?.phase).toBe('rolled_back')
  const { store, endpoints } = trial.platform
  const deployment = await readDeployment(store, PROD)
  expect(deployment?.variants).toMatchObject([
    { variant: 'AllTraffic', model_version: trial.model.version, weight: 1 },
  ])
  expect(deployment?.shadow).toBeUndefined()
  const described = await endpoints.describeEndpoint(PROD)
  expect(described?.EndpointStatus).toBe('InService')
  expect(described?.EndpointConfigName).toBe(deployment?.endpoint_config)
  expect(await verifyHistory(store)).toEqual([])
}

function tell(what: string, { batches, greatestShare, last }: Outcome): void {
  told.push(
    `${what.padEnd(20)} ${String(batches).padStart(3)} batches  ${String(greatestShare).padStart(2)} %  ${last.release?.reason ?? ''}`,
  )
}

describe('a bad candidate in a container of its own', () => {
  const signs: Record<Fault, RegExp> = {
    slow: /p95 of ModelLatency/,
    failing: /requests failed \(5xx\)/,
    permuted: /its loss is greater/,
    constant: /its loss is greater/,
    nan: /no score/,
  }
  it.each(FAULTS)('that is %s is taken back before it has half of the traffic', async (fault) => {
    const trial = await open(fault === 'slow')
    await trial.release(await trial.register('b', fault), AB)
    let failed = 0
    const outcome = await untilEnded(trial, 140, async () => {
      if (fault === 'failing') failed += await clients(trial)
      return {}
    })
    tell(fault, outcome)
    await expectBack(trial, outcome)
    expect(outcome.last.release?.reason).toMatch(signs[fault])
    expect(outcome.greatestShare).toBeLessThan(50)
    // What came of the first batch is known thirty minutes after it.
    if (fault === 'permuted' || fault === 'constant') expect(outcome.batches).toBeGreaterThanOrEqual(4)
    if (fault === 'failing') expect(failed).toBeGreaterThan(0)
  })

  it.each(['permuted', 'nan'] as const)(
    'that is %s is found out as a shadow, which never answers',
    async (fault) => {
      const trial = await open()
      await trial.release(await trial.register('b', fault), SHADOW)
      const outcome = await untilEnded(trial, 140)
      tell(`${fault}, shadow`, outcome)
      await expectBack(trial, outcome)
      expect(outcome.greatestShare).toBe(0)
      expect(outcome.last.release?.reason).toMatch(signs[fault])
    },
  )
})

describe('a good candidate of which nothing is heard', () => {
  it.each([
    ['labels never come', { ingest: false }, /waited too long: .*no outcome/],
    ['no traffic comes', { predict: false }, /waited too long: .*no request/],
  ] as const)('because %s is waited for, and then taken back', async (what, missing, reason) => {
    const trial = await open()
    const strategy = { ...AB, ramp: [50, 100], max_wait_seconds: 4 * HOUR_SECONDS }
    await trial.release(await trial.register('c'), strategy)
    const outcome = await untilEnded(trial, 40, () => missing)
    tell(what, outcome)
    await expectBack(trial, outcome)
    expect(outcome.last.release?.reason).toMatch(reason)
    expect(trial.time - LIVE_FROM).toBeGreaterThan(4 * HOUR_SECONDS)
    expect(trial.time - LIVE_FROM).toBeLessThanOrEqual(4 * HOUR_SECONDS + 600)
  })

  it('because the clock went an hour back and then a day forward is neither passed nor kept waiting for ever', async () => {
    const trial = await open()
    const bake_seconds = 6 * HOUR_SECONDS
    await trial.release(await trial.register('c'), {
      ...AB,
      ramp: [50, 100],
      bake_seconds,
      max_wait_seconds: 3 * DAY_SECONDS,
    })
    // After a third of the bake it has rows enough; what is still wanting is time.
    const outcome = await untilEnded(trial, 80, (batch) => {
      trial.clockError = batch === 24 ? -HOUR_SECONDS : batch === 27 ? DAY_SECONDS : 0
      return {}
    })
    tell('clock jumps', outcome)
    expect(outcome.last.release?.phase).toBe('done')
    expect(trial.time - LIVE_FROM).toBeGreaterThanOrEqual(bake_seconds)
    expect(await verifyHistory(trial.platform.store)).toEqual([])
  })
})
