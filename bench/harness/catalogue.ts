import type { RunBench } from './bench.ts'
import type { InputName } from './inputs.ts'

/** A bench: what has to be there, and how it runs. */
interface Bench {
  readonly needs: readonly InputName[]
  /** Runs only when it is named. */
  readonly onRequest?: boolean
  readonly load: () => Promise<RunBench>
}

/** Every bench by its name, in the order they run. */
export const BENCHES = {
  import: {
    needs: ['sf-recording'],
    load: async () => (await import('../benches/import.ts')).benchImport,
  },
  features: {
    needs: ['sf-recording', 'sf-lake'],
    load: async () => (await import('../benches/features.ts')).benchFeatures,
  },
  cities: {
    needs: [],
    onRequest: true,
    load: async () => (await import('../benches/cities.ts')).benchCities,
  },
  'features-20m': {
    needs: ['sf-recording', 'sf-lake'],
    onRequest: true,
    load: async () => (await import('../benches/features-20m.ts')).benchFeatures20m,
  },
  'online-features': {
    needs: ['nyc-recording', 'nyc-live', 'nyc-minutes'],
    load: async () => (await import('../benches/online-features.ts')).benchOnlineFeatures,
  },
  training: {
    needs: ['sf-recording', 'sf-features'],
    load: async () => (await import('../benches/training.ts')).benchTraining,
  },
  endpoint: {
    needs: ['model'],
    load: async () => (await import('../benches/endpoint.ts')).benchEndpoint,
  },
  batch: {
    needs: ['model', 'nyc-recording', 'nyc-live', 'nyc-minutes'],
    load: async () => (await import('../benches/batch.ts')).benchBatch,
  },
  explain: {
    needs: ['model', 'nyc-recording', 'nyc-live'],
    load: async () => (await import('../benches/explain.ts')).benchExplain,
  },
  psi: {
    needs: ['sf-recording', 'model'],
    load: async () => (await import('../benches/psi.ts')).benchPsi,
  },
  ingest: {
    needs: ['nyc-recording', 'nyc-history'],
    load: async () => (await import('../benches/ingest.ts')).benchIngest,
  },
  quality: {
    needs: ['nyc-recording', 'nyc-history'],
    load: async () => (await import('../benches/quality.ts')).benchQuality,
  },
  metrics: {
    needs: [],
    load: async () => (await import('../benches/metrics.ts')).benchMetrics,
  },
  alarms: {
    needs: [],
    load: async () => (await import('../benches/alarms.ts')).benchAlarms,
  },
  cycle: {
    needs: ['nyc-recording', 'nyc-history'],
    load: async () => (await import('../benches/cycle.ts')).benchCycle,
  },
  plan: {
    needs: ['nyc-recording', 'nyc-history'],
    load: async () => (await import('../benches/plan.ts')).benchPlan,
  },
  soak: {
    needs: [],
    onRequest: true,
    load: async () => (await import('../benches/soak.ts')).benchSoak,
  },
  'release-power': {
    needs: [],
    onRequest: true,
    load: async () => (await import('../benches/release-power.ts')).benchReleasePower,
  },
  'dashboard-page': {
    needs: [],
    load: async () => (await import('../benches/dashboard-page.ts')).benchDashboardPage,
  },
  'dashboard-api': {
    needs: [],
    load: async () => (await import('../benches/dashboard-api.ts')).benchDashboardApi,
  },
  sync: {
    needs: ['sf-recording', 'sf-lake', 'sf-features'],
    load: async () => (await import('../benches/sync.ts')).benchSync,
  },
  demo: {
    needs: [],
    load: async () => (await import('../benches/demo.ts')).benchDemo,
  },
} as const satisfies Record<string, Bench>

export type BenchName = keyof typeof BENCHES

/** Names of benches, in order. */
export const BENCH_NAMES = Object.keys(BENCHES) as BenchName[]

/** True when a bench runs only when it is named. */
export const onRequest = (name: BenchName): boolean => (BENCHES[name] as Bench).onRequest === true
