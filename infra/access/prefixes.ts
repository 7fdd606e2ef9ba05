/** Parts of the lake that a role may read, write and delete: key prefixes, or whole keys. */
export interface LakeAccess {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly deletes?: readonly string[]
  /** Those of which only the keys are looked at. */
  readonly lists?: readonly string[]
}

/** What every statement over the lake reads. */
const TABLES = ['curated/', 'features/', 'inference/', 'monitoring/', 'athena_results/'] as const
/** Where a statement's results go, and what a file is written by way of. */
const RESULTS = ['athena_results/', 'staging/'] as const
const LAKE = ['lake.json', 'views.sql'] as const

const part = (name: string): string => `scheduler/${name}/`

/** Which requests of CloudWatch were made: it counts the same one again. */
const SENT = 'metrics-sent/'
/** Endpoints that are stopped, to be started as they were. */
const STOPPED = 'stopped/'

/** What each part of the jobs touches in the lake. `scheduler/PART/` is its lease and state. */
export const PART_ACCESS: Readonly<Record<string, LakeAccess>> = {
  ingest: {
    reads: ['lake.json', ...TABLES, 'raw/', 'ingest/', 'staging/', SENT, part('ingest')],
    writes: ['lake.json', ...RESULTS, 'raw/', 'curated/', 'ingest/', 'ingest_errors/', SENT, part('ingest')],
    deletes: ['ingest/', 'staging/', 'athena_results/', 'curated/station_status_live/'],
  },
  batch: {
    reads: [
      'lake.json',
      ...TABLES,
      'datacapture/',
      'deployments/',
      'models/',
      'alarms/',
      'history/',
      SENT,
      part('batch'),
    ],
    writes: ['athena_results/', 'curated/', 'inference/', 'monitoring/', 'alarms/', SENT, part('batch')],
    deletes: ['inference/', 'athena_results/'],
    lists: ['raw/', 'ingest_errors/'],
  },
  release: {
    reads: [
      'lake.json',
      ...TABLES,
      'deployments/',
      'models/',
      'alarms/',
      'releases/',
      'history/',
      'incidents/',
      STOPPED,
      part('release'),
    ],
    writes: [
      'athena_results/',
      'deployments/',
      'releases/',
      'history/',
      'incidents/',
      'models/',
      STOPPED,
      part('release'),
    ],
    deletes: ['releases/', 'athena_results/', 'deployments/', STOPPED],
  },
  daily: {
    reads: [
      ...LAKE,
      ...TABLES,
      'staging/',
      'deployments/',
      'models/',
      'alarms/',
      'history/',
      'incidents/',
      'releases/',
      'reports/',
      part('daily'),
    ],
    writes: ['views.sql', ...RESULTS, 'curated/', 'features/', 'reports/', part('daily')],
    deletes: [
      'raw/',
      'curated/station_status_live/',
      'curated/neighbours/',
      'features/',
      'ingest_errors/',
      'inference/',
      'datacapture/',
      'monitoring/',
      'alarms/',
      'athena_results/',
      'reports/',
      'training/',
      'staging/',
    ],
  },
  retrain: {
    reads: [
      'lake.json',
      ...TABLES,
      'deployments/',
      'models/',
      'history/',
      'training/',
      STOPPED,
      part('retrain'),
    ],
    writes: [
      'athena_results/',
      'curated/',
      'features/',
      'models/',
      'training/',
      'deployments/',
      'history/',
      part('retrain'),
    ],
    deletes: ['training/', 'features/', 'curated/neighbours/', 'athena_results/', STOPPED],
  },
}

/** What a model's container is given: the models; and where it writes: what it captured. */
export const ENDPOINT_ACCESS: LakeAccess = { reads: ['models/'], writes: ['datacapture/'] }
/** What a training job reads and writes. */
export const TRAINING_ACCESS: LakeAccess = { reads: ['training/'], writes: ['training/'] }
/** What people see; without raw documents, tokens and captured requests. */
export const DASHBOARD_ACCESS: LakeAccess = {
  reads: [
    ...LAKE,
    ...TABLES,
    'deployments/',
    'models/',
    'alarms/',
    'releases/',
    'history/',
    'incidents/',
    'plans/',
    'waivers/',
    'scheduler/',
    'ingest/',
    STOPPED,
  ],
  writes: ['athena_results/'],
  deletes: ['athena_results/'],
}
/** What a workflow that deploys, promotes or rolls back does. */
export const WORKFLOW_ACCESS: LakeAccess = {
  reads: [
    'lake.json',
    ...TABLES,
    'deployments/',
    'models/',
    'alarms/',
    'releases/',
    'history/',
    'incidents/',
    'waivers/',
    STOPPED,
  ],
  writes: [
    'athena_results/',
    'deployments/',
    'models/',
    'releases/',
    'history/',
    'incidents/',
    'waivers/',
    STOPPED,
  ],
  deletes: ['releases/', 'athena_results/', 'deployments/', STOPPED],
}
