import type { Releases } from '../../src/core/contracts/api/releases.ts'
import type { GateResult } from '../../src/core/contracts/gate.ts'
import type { Release } from '../../src/core/contracts/release.ts'
import { AS_OF, NOW } from './fake-api.ts'

const variant = (name: string, model_version: string, weight: number) => ({
  variant: name,
  group: 'bikeshare-demo-bikes',
  model_version,
  model_name: `bikeshare-demo-bikes-${model_version}`,
  weight,
  threshold: 0.14,
})
const served = (...variants: ReturnType<typeof variant>[]) => ({ endpoint_config: 'config', variants })

const RELEASE: Release = {
  release_version: 1,
  id: '20240922T205437Z-535779c5',
  kind: 'promote',
  city: 'demo',
  by: 'ann',
  why: '<img src=x onerror="alert(1)">',
  strategy: { type: 'ab', ramp: [20, 50, 100], bake_seconds: 1800, max_wait_seconds: 10_800 },
  endpoints: [
    {
      endpoint: 'bikeshare-prod',
      target: 'bikes',
      from: served(variant('AllTraffic', 'v1', 1)),
      candidate: {
        group: 'bikeshare-demo-bikes',
        model_version: 'v2',
        model_name: 'bikeshare-demo-bikes-v2',
        threshold: 0.14,
      },
      existing_config: null,
      instance_type: 'ml.m5.large',
      capture_percent: 100,
      changed_before: null,
      called: true,
    },
  ],
  alarms: [],
  phase: 'baking',
  step: 0,
  since: NOW - 600,
  reason: null,
  timeline: [{ at: NOW - 900, what: 'promote asked for by ann' }],
}

/** A release of bikes under way at 20 %, judged so far, over a history of two changes. */
export function someReleases(patch: Partial<Releases> = {}): Releases {
  const entry = (seq: number, at: number) => ({
    seq,
    endpoint: 'bikeshare-prod',
    city: 'demo',
    target: 'bikes' as const,
    action: 'promote' as const,
    at,
    by: 'ann',
    why: 'it has served on staging for 24 hours',
    from: null,
    to: served(variant('AllTraffic', 'v1', 1)),
    previous: 'a'.repeat(64),
    hash: `${seq}${'b'.repeat(63)}`,
  })
  return {
    as_of: AS_OF,
    serving: [
      {
        endpoint: 'bikeshare-prod',
        stage: 'prod',
        target: 'bikes',
        serves: served(variant('Baseline', 'v1', 80), variant('Candidate', 'v2', 20)),
        since: NOW - 600,
        by: 'ann',
      },
      {
        endpoint: 'bikeshare-prod-docks',
        stage: 'prod',
        target: 'docks',
        serves: null,
        since: null,
        by: null,
      },
    ],
    active: RELEASE,
    analysis: [
      {
        endpoint: 'bikeshare-prod',
        variant: 'Candidate',
        share: 0.2,
        samples: 480,
        evidence: 4.5,
        evidence_bound: 20,
        invalid: 0,
        says: 'wait: 480 of 500 predictions',
      },
    ],
    recent: [{ ...RELEASE, id: 'old', phase: 'rolled_back', reason: 'its loss is greater by 0.12' }],
    history: [entry(2, NOW - 600), entry(1, NOW - 90_000)],
    history_broken: null,
    incidents: [],
    waivers: [],
    ...patch,
  }
}

/** A gate that one condition keeps shut: its figure is missing. */
export const SHUT_GATE: GateResult = {
  endpoint: 'bikeshare-staging',
  city: 'demo',
  region: 'ca-central-1',
  at: NOW - 599,
  model_version: 'v2',
  serving_since: NOW - 90_000,
  verdict: 'fail',
  conditions: [
    {
      name: 'PSI',
      value: null,
      unit: 'None',
      threshold: '< 0.20',
      verdict: 'fail',
      detail: 'missing: data capture is off',
    },
  ],
}
