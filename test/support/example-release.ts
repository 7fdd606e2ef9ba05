import type { Release } from '../../src/core/contracts/release.ts'
import { modelGroup } from '../../src/model/registry/registry.ts'
import type { ObjectStore } from '../../src/platform/ports.ts'
import { CITY, SLOT } from './serving-platform.ts'

/** A canary of bikes that was taken back after half an hour. */
export function exampleRelease(more: Partial<Release> = {}): Release {
  const variant = { group: modelGroup(CITY, 'bikes'), threshold: 0.2 }
  return {
    release_version: 1,
    id: '20240514T120000Z-0a1b2c3d',
    kind: 'promote',
    city: CITY,
    by: 'ann',
    why: 'the weekly candidate',
    strategy: { type: 'canary', canary_percent: 10, wait_seconds: 600 },
    endpoints: [
      {
        endpoint: 'bikeshare-prod',
        target: 'bikes',
        from: {
          endpoint_config: 'bikeshare-prod-1',
          variants: [
            {
              ...variant,
              variant: 'AllTraffic',
              weight: 1,
              model_version: 'v1',
              model_name: 'demo-bikes-v1',
            },
          ],
        },
        candidate: { ...variant, model_version: 'v2', model_name: 'demo-bikes-v2' },
        existing_config: null,
        instance_type: 'ml.m5.large',
        capture_percent: 100,
        changed_before: SLOT,
        called: true,
      },
    ],
    alarms: ['prod-endpoint-5xx-crit', 'prod-endpoint-latency-p95-crit'],
    phase: 'rolled_back',
    step: 0,
    since: SLOT,
    reason: 'prod-endpoint-5xx-crit is in ALARM',
    timeline: [
      { at: SLOT, what: 'promote asked for by ann' },
      { at: SLOT + 1800, what: 'going back: prod-endpoint-5xx-crit is in ALARM' },
    ],
    ...more,
  }
}

/** Writes a release that has ended where it belongs. */
export async function writeEnded(store: ObjectStore, release: Release): Promise<void> {
  await store.put(`releases/${release.id}.json`, JSON.stringify(release))
}
