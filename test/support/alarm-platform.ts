import type { Config } from '../../src/core/config/schema.ts'
import { configSchema } from '../../src/core/config/schema.ts'
import type { Deployment } from '../../src/core/contracts/deployment.ts'
import { deploymentKey } from '../../src/core/keys.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import { openAlarmStore } from '../../src/platform/local/alarm-store/alarm-store.ts'
import type { AlarmStore, ObjectStore } from '../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from './local-platform.ts'

/** 2024-05-14T12:00:00Z */
export const NOON: EpochSeconds = 1_715_688_000

/** A local platform with alarms; its time is `clock.now`. */
export interface AlarmPlatform extends LocalPlatform {
  readonly alarms: AlarmStore
  readonly clock: { now: EpochSeconds }
}

/** Opens one over a new folder, at noon. */
export async function openAlarmPlatform(): Promise<AlarmPlatform> {
  const platform = await openLocalPlatform()
  const clock = { now: NOON }
  const alarms = openAlarmStore({ store: platform.store, metrics: platform.metrics, clock: () => clock.now })
  return { ...platform, alarms, clock }
}

/** `[alarms]` with its defaults. */
export function alarmSettings(more: Partial<Config['alarms']> = {}): Config['alarms'] {
  return { ...configSchema.parse({}).alarms, ...more }
}

/** Writes what an endpoint serves: one version by each of `variants`. */
export async function writeServing(
  store: ObjectStore,
  endpoint: string,
  variants: readonly string[] = ['AllTraffic'],
  city = 'nyc',
): Promise<void> {
  const deployment: Deployment = {
    endpoint,
    city,
    target: endpoint.endsWith('-docks') ? 'docks' : 'bikes',
    endpoint_config: `${endpoint}-1`,
    variants: variants.map((variant, i) => ({
      variant,
      group: `${city}-bikes`,
      model_version: `v${i + 1}`,
      model_name: `${city}-bikes-v${i + 1}`,
      weight: 1,
      threshold: 0.2,
    })),
    updated_at: NOON,
    by: 'test',
  }
  await store.put(deploymentKey(endpoint), JSON.stringify(deployment))
}
