import type { BenchName } from './catalogue.ts'

/** A figure of a bench's line, and what it should come to on two shared cores. */
export interface Goal {
  readonly what: string
  readonly bench: BenchName
  /** A number of the line. */
  readonly figure: string
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
}

/** What the benches are for, in the order of the page. */
export const GOALS: readonly Goal[] = [
  {
    what: 'import of the Bay Wheels recording',
    bench: 'import',
    figure: 'seconds',
    unit: 's',
    atMost: 60,
  },
  {
    what: 'features of it, written, for every 2 M status rows',
    bench: 'features',
    figure: 'seconds_2m_rows',
    unit: 's',
    atMost: 6,
  },
  { what: '… peak memory', bench: 'features', figure: 'peak_rss_mb', unit: 'MB', atMost: 1500 },
  {
    what: 'features of 20 M status rows: time against seven times a seventh',
    bench: 'features-20m',
    figure: 'ratio',
    unit: '',
    atMost: 1.1,
  },
  { what: '… peak memory', bench: 'features-20m', figure: 'peak_rss_mb', unit: 'MB', atMost: 4000 },
  {
    what: 'online features of 2,200 stations, p95',
    bench: 'online-features',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 300,
  },
  {
    what: '… from a feed with a snapshot every minute',
    bench: 'online-features',
    figure: 'p95_ms_minute_feed',
    unit: 'ms',
    atMost: 300,
  },
  {
    what: "training against Python's xgboost 1.7",
    bench: 'training',
    figure: 'ratio',
    unit: '',
    atMost: 1.05,
  },
  {
    what: '… greatest difference between the predictions',
    bench: 'training',
    figure: 'max_score_difference',
    unit: '',
    atMost: 0,
  },
  {
    what: 'endpoint over HTTP, 1 row, p95',
    bench: 'endpoint',
    figure: 'p95_ms_1_row',
    unit: 'ms',
    atMost: 1,
  },
  { what: '… 100 rows, p95', bench: 'endpoint', figure: 'p95_ms_100_rows', unit: 'ms', atMost: 4 },
  {
    what: '… throughput, share of the library’s own, 100 rows a request',
    bench: 'endpoint',
    figure: 'throughput_share_100_rows',
    unit: '',
    atLeast: 0.5,
  },
  {
    what: '… 1 row a request',
    bench: 'endpoint',
    figure: 'throughput_share_1_row',
    unit: '',
    atLeast: 0.5,
  },
  {
    what: 'a whole prediction batch, 2,200 stations, two endpoints, p95',
    bench: 'batch',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 1000,
  },
  {
    what: '… from a feed with a snapshot every minute',
    bench: 'batch',
    figure: 'p95_ms_minute_feed',
    unit: 'ms',
    atMost: 1000,
  },
  {
    what: 'why the 20 highest scores of 2,200 stations are high, asked again, p95',
    bench: 'explain',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 150,
  },
  {
    what: 'a plan for 2,200 stations and 10 trucks, with its gap',
    bench: 'plan',
    figure: 'seconds',
    unit: 's',
    atMost: 10,
  },
  {
    what: 'map of 2,200 stations drawn after navigation, software rendering',
    bench: 'dashboard-page',
    figure: 'map_ms_2200',
    unit: 'ms',
    atMost: 1000,
  },
  { what: '… of 10,000', bench: 'dashboard-page', figure: 'map_ms_10000', unit: 'ms', atMost: 2500 },
  { what: '… switching a tab', bench: 'dashboard-page', figure: 'tab_ms_p50', unit: 'ms', atMost: 200 },
  { what: '… a step in time', bench: 'dashboard-page', figure: 'step_ms_p50', unit: 'ms', atMost: 200 },
  {
    what: '… initial JavaScript, compressed',
    bench: 'dashboard-page',
    figure: 'initial_js_kb',
    unit: 'kB',
    atMost: 350,
  },
  { what: "the dashboard's API, p95", bench: 'dashboard-api', figure: 'p95_ms', unit: 'ms', atMost: 50 },
  {
    what: '… share of a core with 100 pages that listen',
    bench: 'dashboard-api',
    figure: 'live_cpu_share',
    unit: '',
    atMost: 0.3,
  },
  {
    what: 'ingest of one Citi Bike snapshot, durable, p95',
    bench: 'ingest',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 150,
  },
  {
    what: 'quality over 24 h of 2,200 stations, from nothing',
    bench: 'quality',
    figure: 'seconds',
    unit: 's',
    atMost: 2,
  },
  {
    what: 'a metric query over 24 h with 60 days stored, p95',
    bench: 'metrics',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 50,
  },
  {
    what: '… by a process that has just started',
    bench: 'metrics',
    figure: 'p95_ms_cold',
    unit: 'ms',
    atMost: 50,
  },
  {
    what: '50 alarms evaluated with 60 days of metrics stored, p95',
    bench: 'alarms',
    figure: 'p95_ms',
    unit: 'ms',
    atMost: 100,
  },
  {
    what: 'releases of an equally good model that are taken back, highest share of any strategy and city',
    bench: 'release-power',
    figure: 'highest_error_rate',
    unit: '',
    atMost: 0.05,
  },
  { what: 'the demo, after set-up', bench: 'demo', figure: 'seconds', unit: 's', atMost: 240 },
  {
    what: '… peak memory of all its processes',
    bench: 'demo',
    figure: 'peak_rss_mb',
    unit: 'MB',
    atMost: 3000,
  },
  {
    what: 'sync with S3: share of the speed of a plain SDK copy, the slower way',
    bench: 'sync',
    figure: 'lowest_share_of_plain',
    unit: '',
    atLeast: 0.5,
  },
  {
    what: 'PSI over 24 h of 2,200 stations, from hourly counts and the newest captures',
    bench: 'psi',
    figure: 'seconds',
    unit: 's',
    atMost: 2,
  },
]
