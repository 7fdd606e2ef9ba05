import type { Condition, GateResult } from '../../../core/contracts/gate.ts'
import { batchFloor, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { GateOptions, GatePlatform } from './gate-options.ts'
import { readConditions, WINDOW_SECONDS } from './read-conditions.ts'
import { readServingSince } from './serving-since.ts'
import { listWaivers } from './waivers.ts'

/**
 * The admission gate: may what an endpoint serves go on to production? Six conditions over the 24 hours that end at the
 * newest batch, and that the model beats "it stays as it is" on onsets. What is missing fails, and so do metrics of a model
 * version that the endpoint no longer serves. Reads only; the same lake and time always give the same answer.
 */
export async function runGate(platform: GatePlatform, o: GateOptions): Promise<GateResult> {
  const at = batchFloor(o.now)
  const serving = await readServingSince(platform.store, o.endpoint)
  const found = await readConditions(platform, { ...o, at, waivers: await listWaivers(platform.store) })
  const ownData = serving !== null && serving.since <= at - WINDOW_SECONDS
  const conditions = ownData ? found : found.map((condition) => notItsOwn(condition, o.endpoint, serving))
  return {
    endpoint: o.endpoint,
    city: o.city,
    region: o.region,
    at,
    model_version: serving?.version ?? null,
    serving_since: serving?.since ?? null,
    verdict: conditions.every(({ verdict }) => verdict !== 'fail') ? 'pass' : 'fail',
    conditions,
  }
}

/** Whatever was measured is, at least in part, of another model. */
function notItsOwn(
  condition: Condition,
  endpoint: string,
  serving: { version: string; since: EpochSeconds } | null,
): Condition {
  if (condition.value === null) return condition
  const detail = serving
    ? `missing for this model: ${endpoint} serves ${serving.version} only since ${isoOf(serving.since)}, less than 24 h`
    : `missing: ${endpoint} serves no single model version`
  return { ...condition, value: null, verdict: 'fail', detail }
}
