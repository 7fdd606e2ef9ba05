import type { Alarm, SystemHealth } from '../../src/core/contracts/api/system.ts'
import { AS_OF, NOW } from './fake-api.ts'

export function anAlarm(patch: Partial<Alarm> = {}): Alarm {
  return {
    name: 'prod-20m-zero',
    severity: 'crit',
    state: 'OK',
    reason: '',
    since: NOW - 3600,
    condition: 'Invocations Sum <= 0 for 4 of 4 periods of 5 min',
    runbook: 'prod-20m-zero',
    silence: null,
    ...patch,
  }
}

/** A system of which nothing is wrong, and little is known. */
export function aSystem(patch: Partial<SystemHealth> = {}): SystemHealth {
  return {
    as_of: AS_OF,
    late: [],
    feed: {
      age_seconds: 60,
      ingest_slo: null,
      ingest_objective: 0.99,
      coverage: 1,
      quarantined: null,
      frozen_stations: null,
      gaps: [],
    },
    endpoints: [
      {
        endpoint: 'bikeshare-prod',
        stage: 'prod',
        target: 'bikes',
        status: 'InService',
        batches_24h: 143,
        batches_due: 144,
        latency_p50_ms: null,
        latency_p95_ms: 12.2,
        latency_p99_ms: null,
        invocations: 432,
        errors_4xx: 0,
        errors_5xx: null,
      },
    ],
    budget: [{ name: 'bikeshare-prod availability', objective: 0.995, value: 0.99, left: -1 }],
    alarms: [anAlarm()],
    alarm_history: [],
    jobs: [
      { name: 'predict', last_at: NOW - 600, last_ok: true, next_at: NOW, late: false, error: null },
      { name: 'quality', last_at: NOW - 600, last_ok: false, next_at: NOW, late: true, error: 'disk full' },
    ],
    scheduler: 'running',
    cost: null,
    storage: [],
    charts: [],
    ...patch,
  }
}
