import type { Stage } from '../../../core/contracts/api/common.ts'
import type { GateView } from '../../../core/contracts/api/releases.ts'
import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import type { GateResult } from '../../../core/contracts/gate.ts'
import { batchFloor, type EpochSeconds } from '../../../core/time.ts'
import { runGate } from '../../../operations/release/gate/gate.ts'
import { listWaivers, waiverAt } from '../../../operations/release/gate/waivers.ts'
import type { CitySource } from '../city-source.ts'
import { asItWas } from './as-it-was.ts'
import { asOf, momentOf } from './as-of.ts'
import { endpointAt } from './endpoints.ts'
import { listed, tokenOf } from './listing.ts'
import { metricsUntil } from './metrics-until.ts'
import { onsetRowsOf } from './onset-rows.ts'
import { qualityAt } from './quality-at.ts'
import { cacheOf, kept } from './read-cache.ts'
import { forRequest } from './request.ts'
import type { ViewOptions } from './state.ts'

/** What the admission gate says of a stage's endpoints at a moment. */
export async function readGate(given: CitySource, o: ViewOptions): Promise<GateView> {
  const source = forRequest(given)
  const at = momentOf(source, o.at)
  const results = (
    await Promise.all(TARGETS.map((target) => gateOf(source, { at, stage: o.stage, target })))
  ).filter((result) => result !== undefined)
  const endpoints = results.map(({ endpoint }) => endpoint)
  return { as_of: await asOf(source, at, endpoints), results }
}

/** It is of a batch: it says the same until the next, unless a record or a figure changes. */
async function gateOf(
  source: CitySource,
  o: { readonly at: EpochSeconds; readonly stage: Stage; readonly target: Target },
): Promise<GateResult | undefined> {
  const { at, target } = o
  const endpoint = await endpointAt(source, o)
  if (endpoint === undefined) return undefined
  const { platform, info, config } = source
  const records = await Promise.all(
    ['history/', 'deployments/', 'waivers/'].map((prefix) => listed(platform.store, prefix)),
  )
  const quality = (await qualityAt(source, endpoint, at))?.[0]?.ends_at
  const waiver = waiverAt(await listWaivers(platform.store), endpoint, at)
  const isPast = at < source.now()
  const token = [isPast, quality, waiver?.until, ...records.map(tokenOf)].join('\n')
  return kept(cacheOf(source).answers, `gate/${endpoint}/${batchFloor(at)}`, token, async () =>
    runGate(
      {
        store: await asItWas(source, at),
        warehouse: platform.warehouse,
        metrics: isPast ? metricsUntil(platform.metrics, at) : platform.metrics,
      },
      {
        endpoint,
        city: info.city,
        region: config.region,
        namespace: config.cw_custom_ns,
        now: at,
        readOnsets: ({ from, until }) => onsetRowsOf(source, { endpoint, target, from, until, at }),
      },
    ),
  )
}
