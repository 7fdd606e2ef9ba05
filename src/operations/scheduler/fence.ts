import type { ObjectStore, Platform } from '../../platform/ports.ts'

/** Methods of each port that change something, in the lake or at an endpoint. */
const CHANGES = {
  store: ['put', 'delete'],
  warehouse: ['write', 'writeRows'],
  trainer: ['fit'],
  metrics: ['putMetricData', 'maintain'],
  alarms: [
    'putMetricAlarm',
    'putCompositeAlarm',
    'deleteAlarms',
    'setAlarmState',
    'evaluateAlarms',
    'muteActions',
  ],
  topic: ['publish'],
  packages: ['put'],
  endpoints: [
    'createModel',
    'deleteModel',
    'createEndpointConfig',
    'deleteEndpointConfig',
    'createEndpoint',
    'updateEndpoint',
    'updateEndpointWeightsAndCapacities',
    'deleteEndpoint',
    'invokeEndpoint',
    'flush',
  ],
} as const

/**
 * The platform, every change of which is made only after `check` has passed: the way in which a scheduler that lost its
 * lease is kept from writing. A change that is already on its way to the disk when the process is paused is not called back.
 */
export function fencedPlatform(platform: Platform, check: () => Promise<void>): Platform {
  const fenced: { readonly [port in keyof Required<Platform>]: Platform[port] } = {
    store: fencedStore(platform.store, check),
    warehouse: guarded(platform.warehouse, CHANGES.warehouse, check),
    metrics: guarded(platform.metrics, CHANGES.metrics, check),
    // Those are opened when they are first used.
    get alarms() {
      return guarded(platform.alarms, CHANGES.alarms, check)
    },
    get trainer() {
      return guarded(platform.trainer, CHANGES.trainer, check)
    },
    get scorer() {
      return platform.scorer
    },
    get endpoints() {
      return guarded(platform.endpoints, CHANGES.endpoints, check)
    },
    get topic() {
      return platform.topic && guarded(platform.topic, CHANGES.topic, check)
    },
    get packages() {
      return platform.packages && guarded(platform.packages, CHANGES.packages, check)
    },
    serveEndpoints: (options) => platform.serveEndpoints(options),
    close: () => platform.close(),
  }
  return fenced
}

/** The store, with `check` before every put and delete. */
export function fencedStore(store: ObjectStore, check: () => Promise<void>): ObjectStore {
  return guarded(store, CHANGES.store, check)
}

function guarded<T extends object>(port: T, names: readonly (keyof T)[], check: () => Promise<void>): T {
  const changes = new Set<PropertyKey>(names)
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (!changes.has(name)) return member.bind(target) as unknown
      return async (...args: unknown[]): Promise<unknown> => {
        await check()
        return Reflect.apply(member, target, args) as unknown
      }
    },
  })
}
