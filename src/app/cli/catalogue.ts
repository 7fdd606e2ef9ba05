import type { CommandModule } from './command.ts'

/** A command's line in `bikeshare --help`, and where its code is; the code is loaded only when it is called. */
export interface CatalogueEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly command: CommandModule }>
}

/** Every command, in the order of a first day's work. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  entry('demo', 'the whole system on a simulated city, in minutes', () => import('./commands/demo.ts')),
  entry('init', 'write a bikeshare.toml', () => import('./commands/init.ts')),
  entry('doctor', 'check that this machine and this lake are fit', () => import('./commands/doctor.ts')),
  entry(
    'ingest',
    'take the feed of a city into its lake, once or all day',
    () => import('./commands/ingest.ts'),
  ),
  entry('record', 'keep a live feed for a while', () => import('./commands/record.ts')),
  entry(
    'import',
    'take recordings, GBFS files or another lake into a lake',
    () => import('./commands/import.ts'),
  ),
  entry('replay', 'serve a lake as a GBFS feed', () => import('./commands/replay.ts')),
  entry('simulate', 'make a recording of a simulated city', () => import('./commands/simulate.ts')),
  entry('features', 'build the feature table', () => import('./commands/features.ts')),
  entry('train', 'train, judge and register models', () => import('./commands/train.ts')),
  entry('models', 'list, show, compare and name model versions', () => import('./commands/models.ts')),
  entry(
    'endpoints',
    'deploy, list, describe, scale and delete endpoints',
    () => import('./commands/endpoints.ts'),
  ),
  entry('gate', 'may what is on staging go live? seven conditions', () => import('./commands/gate.ts')),
  entry(
    'promote',
    'take what staging serves into production, past the gate',
    () => import('./commands/promote.ts'),
  ),
  entry('rollback', 'make what served before serve again', () => import('./commands/rollback.ts')),
  entry('incidents', 'what went wrong: open, read, note and close', () => import('./commands/incidents.ts')),
  entry(
    'history',
    'every change of what serves, what served at a time, and whether the record is whole',
    () => import('./commands/history.ts'),
  ),
  entry('token', 'make, list and revoke tokens for the dashboard', () => import('./commands/token.ts')),
  entry(
    'dashboard',
    'the city, its risks, the model and the system in a browser',
    () => import('./commands/dashboard.ts'),
  ),
  entry('serve', 'run the inference server for what is deployed', () => import('./commands/serve.ts')),
  entry('predict', 'predict one batch for every endpoint of the city', () => import('./commands/predict.ts')),
  entry(
    'explain',
    'why a station is said to run out, by the model that said it',
    () => import('./commands/explain.ts'),
  ),
  entry(
    'plan',
    'which trucks should move how many bikes from where to where',
    () => import('./commands/plan.ts'),
  ),
  entry('run', 'keep cities going: every job at its time', () => import('./commands/run.ts')),
  entry(
    'schedules',
    'what starts the jobs on AWS: list, pause and resume',
    () => import('./commands/schedules.ts'),
  ),
  entry(
    'backfill',
    'features, quality, drift and predictions of the past',
    () => import('./commands/backfill.ts'),
  ),
  entry('alarms', 'list, explain, try and silence alarms', () => import('./commands/alarms.ts')),
  entry(
    'drift',
    'what moved against the training rows, and how the feed is',
    () => import('./commands/drift.ts'),
  ),
  entry('status', 'one screen: is all well, and what is late', () => import('./commands/status.ts')),
  entry('metrics', 'list, read and put metrics', () => import('./commands/metrics.ts')),
  entry(
    'slo',
    'the error budget of the month, and the objectives beside it',
    () => import('./commands/slo.ts'),
  ),
  entry(
    'cost',
    'what the lake takes here, and what the same would cost on AWS',
    () => import('./commands/cost.ts'),
  ),
  entry(
    'report',
    'a page of a day: what happened, what was caught and missed',
    () => import('./commands/report.ts'),
  ),
  entry(
    'quality',
    'how the predictions of the last 24 hours turned out',
    () => import('./commands/quality.ts'),
  ),
  entry('sql', 'query the lake, read-only', () => import('./commands/sql.ts')),
  entry('clean', 'remove what retention no longer keeps', () => import('./commands/clean.ts')),
  entry('tables', 'the tables that Athena reads a lake on S3 by', () => import('./commands/tables.ts')),
  entry('sync', 'copy a lake between folders and S3, only what is new', () => import('./commands/sync.ts')),
  entry('backup', 'write a lake to one file', () => import('./commands/backup.ts')),
  entry('restore', 'make a lake from a backup', () => import('./commands/restore.ts')),
  entry('upgrade', 'bring a lake to the format of this version', () => import('./commands/upgrade.ts')),
]

function entry(name: string, summary: string, load: CatalogueEntry['load']): CatalogueEntry {
  return { name, summary, load }
}
