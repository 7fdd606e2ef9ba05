import { homedir } from 'node:os'
import { join } from 'node:path'

/** Folder of the cache that holds what the suites of AWS need; outside every checkout. */
export const awsCache = (...parts) =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bikeshare', 'aws', ...parts)
