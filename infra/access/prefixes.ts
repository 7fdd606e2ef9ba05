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

/** What each part of the jobs touches in the lake. `scheduler/PART/` is its lease and state. */
export const PART_ACCESS: Readonly<Record<string, LakeAccess>> = {
  ingest: {
    reads: [...LAKE, ...TABLES, 'raw/', 'ingest/', 'ingest_errors/', 'staging/', part('ingest')],
    writes: [...LAKE, ...RESULTS, 'raw/', 'curated/', 'ingest/', 'ingest_errors/', part('ingest')],
    deletes: ['ingest/', 'staging/', 'athena_results/', 'curated/station_status_live/'],
  },
  batch: {
    reads: [
      ...LAKE,
      ...TABLES,
      'raw/',
      'ingest/',
      'ingest_errors/',
      'staging/',
      'datacapture/',
      'deployments/',
      'models/',
      'alarms/',
      'waivers/',
      'releases/',
      'history/',
      'incidents/',
      part('batch'),
    ],
    writes: [
      ...LAKE,
      ...RESULTS,
      'curated/',
      'inference/',
      'monitoring/',
      'alarms/',
      'incidents/',
      part('batch'),
    ],
    deletes: ['inference/', 'staging/', 'athena_results/', 'alarms/'],
  },
  release: {
    reads: [
      ...LAKE,
      ...TABLES,
      'staging/',
      'deployments/',
      'models/',
      'alarms/',
      'releases/',
      'history/',
      'incidents/',
      'datacapture/',
      part('release'),
    ],
    writes: [
      ...LAKE,
      ...RESULTS,
      'deployments/',
      'releases/',
      'history/',
      'incidents/',
      'models/',
      'monitoring/baseline/',
      part('release'),
    ],
    deletes: ['releases/', 'staging/', 'athena_results/'],
  },
  daily: {
    reads: [
      ...LAKE,
      ...TABLES,
      'raw/',
      'ingest/',
      'ingest_errors/',
      'staging/',
      'datacapture/',
      'deployments/',
      'models/',
      'alarms/',
      'history/',
      'incidents/',
      'releases/',
      'reports/',
      'training/',
      part('daily'),
    ],
    writes: [...LAKE, ...RESULTS, 'curated/', 'features/', 'reports/', part('daily')],
    deletes: [
      'raw/',
      'curated/station_status_live/',
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
      ...LAKE,
      ...TABLES,
      'staging/',
      'deployments/',
      'models/',
      'history/',
      'releases/',
      'training/',
      part('retrain'),
    ],
    writes: [
      ...LAKE,
      ...RESULTS,
      'models/',
      'training/',
      'deployments/',
      'history/',
      'monitoring/baseline/',
      part('retrain'),
    ],
    deletes: ['training/', 'staging/', 'athena_results/'],
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
  ],
  writes: ['athena_results/'],
}
/** What a workflow that deploys, promotes or rolls back does. */
export const WORKFLOW_ACCESS: LakeAccess = {
  reads: [
    ...LAKE,
    ...TABLES,
    'deployments/',
    'models/',
    'alarms/',
    'releases/',
    'history/',
    'incidents/',
    'waivers/',
  ],
  writes: [
    'athena_results/',
    'staging/',
    'deployments/',
    'models/',
    'releases/',
    'history/',
    'incidents/',
    'waivers/',
    'monitoring/baseline/',
  ],
  deletes: ['releases/', 'staging/', 'athena_results/'],
}
