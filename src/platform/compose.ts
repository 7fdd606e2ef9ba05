import { homedir } from 'node:os'
import type { Config } from '../core/config/schema.ts'
import type { Reporter } from '../core/report.ts'
import type { Clock } from '../core/time.ts'
import { findXgboostLibrary } from './engines/xgboost/library.ts'
import { openScorer, type XgboostScorer } from './engines/xgboost/scorer.ts'
import { openAlarmStore } from './local/alarm-store/alarm-store.ts'
import { openDirectoryStore } from './local/directory-store.ts'
import { openEndpointHost, type LocalEndpointHost } from './local/endpoint-host/endpoint-host.ts'
import { serveHost } from './local/endpoint-host/serve-host.ts'
import { openTrainer } from './local/in-process-trainer.ts'
import { openLakeWarehouse } from './local/lake-warehouse.ts'
import { openMetricStore } from './local/metric-store/metric-store.ts'
import type { Platform } from './ports.ts'

/** What the platform is made from, beside the settings. */
export interface Composition {
  /** Folder of the lake. */
  readonly root: string
  /** The time that endpoints go by. */
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since any fixed moment, never going back: what latencies are told by. */
  readonly elapsedMs: () => number
  /** Chance in [0, 1), for sharing traffic among variants. */
  readonly random: () => number
  readonly report: Reporter
}

/** Makes the platform that the settings ask for. XGBoost is looked for only when something needs it. */
export async function composePlatform(config: Config, o: Composition): Promise<Platform> {
  if (config.platform === 'aws') {
    // The SDK's clients take a second to load: only where they are asked for.
    const { composeAws } = await import('./compose-aws.ts')
    return composeAws(config, o)
  }
  const { root, env } = o
  const threads = config.limits.threads
  const store = openDirectoryStore(root)
  // Statements run side by side; two threads for each cost more than they bring.
  const warehouse = await openLakeWarehouse({ root, memoryLimit: config.limits.memory, threads: 1 })
  const libraryPath = once(() => findXgboostLibrary({ env, home: homedir() }).path)
  const metrics = openMetricStore({ store, clock: o.clock })
  const alarms = openAlarmStore({ store, metrics, clock: o.clock })
  let scorer: XgboostScorer | undefined
  let endpoints: LocalEndpointHost | undefined
  const trainer = once(() => openTrainer({ store, warehouse, root, libraryPath: libraryPath(), env }))
  const openEndpoints = (): LocalEndpointHost =>
    (endpoints ??= openEndpointHost({
      store,
      libraryPath: libraryPath(),
      clock: o.clock,
      elapsedMs: o.elapsedMs,
      metrics,
      alarms,
      random: o.random,
      threads,
      report: o.report,
    }))
  return {
    store,
    warehouse,
    metrics,
    alarms,
    get trainer() {
      return trainer()
    },
    get scorer() {
      return (scorer ??= openScorer({ libraryPath: libraryPath(), threads }))
    },
    get endpoints() {
      return openEndpoints()
    },
    serveEndpoints: (options) => serveHost(openEndpoints(), options, o.report),
    async close() {
      await endpoints?.close()
      await scorer?.close()
      await warehouse.close()
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
