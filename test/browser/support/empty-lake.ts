import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLake } from '../../../src/data/lake/lake-info.ts'
import { openLocalPlatform } from '../../support/local-platform.ts'

/** A data directory with a city that nothing was ever collected of; the caller removes it. */
export async function emptyLake(city: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bikeshare-empty-'))
  const platform = await openLocalPlatform(join(dataDir, city))
  await createLake(platform.store, {
    city,
    timezone: 'America/Toronto',
    country: 'CA',
    system_name: null,
    feed_url: null,
    virtual_now: 1_715_700_000,
  })
  await platform.close()
  return dataDir
}
