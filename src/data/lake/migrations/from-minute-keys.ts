import { z } from 'zod'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import { LAKE_KEY } from '../../../core/keys.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { parseInformation, parseStatus } from '../../gbfs/normalise.ts'
import { maybeGunzip } from '../gzip.ts'
import { heal } from '../heal.ts'
import type { LakeInfo } from '../lake-info.ts'
import type { LakeParts } from '../publish.ts'
import { keepRefused } from '../refused.ts'
import { storeInformation } from '../store-information.ts'
import { storeStatus } from '../store-status.ts'
import type { Migration } from './migration.ts'

const oldLakeSchema = z.object({
  city: z.string().min(1),
  timezone: z.string().min(1),
  country: z.string().nullable().optional(),
  system_name: z.string().nullable().optional(),
  feed_url: z.string().nullable().optional(),
})

/**
 * Format 0: lake.json without `format_version`, raw documents alone (nothing curated, no manifests) under keys rounded to
 * the minute, `raw/FEED/city=C/dt=YYYY-MM-DD-HH-mm/data.json.gz` or `data.json`. Each document is taken in as if it were
 * fetched now, under its own time to the second, and its old key goes when that is done.
 */
export const fromMinuteKeys: Migration = {
  from: 0,
  what: 'raw documents under keys to the second, with manifests, and curated tables made from them',
  async run(platform, { now, report, signal }) {
    const { store } = platform
    const old = await readOldLake(platform)
    const { city } = old
    await heal(platform, { city, now, report })
    for (const feed of ['station_information', 'station_status'] as const) {
      const keys = await minuteKeys(platform, feed, city)
      const progress = report.start(`Upgrading ${feed}`, keys.length)
      for (const [i, key] of keys.entries()) {
        if (signal?.aborted)
          throw new OperatorError(
            'CANCELLED',
            'the upgrade was stopped',
            'Run it again: it goes on from here.',
          )
        await moveDocument(platform, { key, feed, city, source_url: old.feed_url ?? key })
        progress.update(i + 1)
      }
      progress.end()
    }
    const lake: LakeInfo = {
      format_version: 1,
      city,
      timezone: old.timezone,
      country: old.country ?? null,
      system_name: old.system_name ?? null,
      feed_url: old.feed_url ?? null,
      virtual_now: null,
    }
    await store.put(LAKE_KEY, `${JSON.stringify(lake, null, 2)}\n`)
  },
}

async function readOldLake({ store }: LakeParts): Promise<z.infer<typeof oldLakeSchema>> {
  const object = await store.get(LAKE_KEY)
  const parsed = oldLakeSchema.safeParse(
    object === undefined ? undefined : JSON.parse(new TextDecoder().decode(object.body)),
  )
  if (parsed.success) return parsed.data
  throw new OperatorError(
    'CORRUPT',
    `${LAKE_KEY} of format 0 lacks city or timezone`,
    'Add both to it, then upgrade again.',
  )
}

async function minuteKeys({ store }: LakeParts, feed: string, city: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(`raw/${feed}/city=${city}/dt=`))
    if (/\/dt=\d{4}-\d\d-\d\d-\d\d-\d\d\/data\.json(\.gz)?$/.test(key)) keys.push(key)
  return keys
}

async function moveDocument(
  platform: LakeParts,
  o: {
    readonly key: string
    readonly feed: 'station_status' | 'station_information'
    readonly city: string
    readonly source_url: string
  },
): Promise<void> {
  const { key, feed, city, source_url } = o
  const object = await platform.store.get(key)
  if (object === undefined) return
  const body = maybeGunzip(object.body, key)
  try {
    if (feed === 'station_status') {
      const snapshot = parseStatus(body, key)
      const origin = { source_url, fetched_at: snapshot.last_updated }
      await storeStatus(platform, { city, body, snapshot, origin })
    } else {
      const snapshot = parseInformation(body, key)
      const valid_from: EpochSeconds = snapshot.last_updated
      const origin = { source_url, fetched_at: snapshot.last_updated }
      await storeInformation(platform, { city, body, snapshot, origin, valid_from })
    }
  } catch (error) {
    if (!isOperatorError(error, 'BAD_INPUT')) throw error
    const at = minuteOf(key)
    await keepRefused(platform.store, city, {
      feed,
      at,
      reason: 'invalid',
      detail: error.message,
      body,
      source: key,
    })
  }
  await platform.store.delete(key)
}

function minuteOf(key: string): EpochSeconds {
  const [, day = '', hour = '', minute = ''] = /dt=(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)\//.exec(key) ?? []
  return Date.parse(`${day}T${hour}:${minute}:00Z`) / 1000
}
