import { loadSql } from '../../core/sql.ts'
import { DAY_SECONDS, dsOf, STATE_MAX_AGE_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { LakeParts } from './publish.ts'

const GAPS_SQL = loadSql(import.meta.url, './gaps.sql')

/** A stretch without a snapshot, `from` and `to` being the snapshots around it or the ends of what was asked. */
export interface Gap {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly seconds: number
}

/** Times of the snapshots in `[from, to]`, in order. */
export async function snapshotTimes(
  platform: Pick<LakeParts, 'warehouse'>,
  o: { readonly city: string; readonly from: EpochSeconds; readonly to: EpochSeconds },
): Promise<EpochSeconds[]> {
  const status = {
    dataset: 'station_status',
    city: o.city,
    dsFrom: dsOf(o.from),
    dsTo: dsOf(o.to),
    since: o.from,
    until: o.to,
  } as const
  const rows = await platform.warehouse.rows<{ last_updated: EpochSeconds }>({
    name: 'gaps',
    sql: GAPS_SQL,
    tables: { status },
    params: { from: o.from, to: o.to },
  })
  return rows.map((row) => row.last_updated)
}

/**
 * The gaps of more than 15 minutes (longer than the state of a slot may be old) in `[from, to]`. What happened in a gap is
 * not known, and nothing is put in its place.
 */
export async function gaps(
  platform: Pick<LakeParts, 'warehouse'>,
  o: { readonly city: string; readonly from: EpochSeconds; readonly to: EpochSeconds },
): Promise<Gap[]> {
  // The last snapshot before `from` tells whether the beginning is covered; a day back is far enough to find it.
  const times = await snapshotTimes(platform, { ...o, from: o.from - DAY_SECONDS })
  const before = times.findLast((time) => time < o.from)
  const covered = before !== undefined && o.from - before <= STATE_MAX_AGE_SECONDS
  const edges = [covered ? before : o.from, ...times.filter((time) => time >= o.from), o.to]
  const found: Gap[] = []
  for (let i = 1; i < edges.length; i++) {
    const [from = 0, to = 0] = [edges[i - 1], edges[i]]
    if (to - from > STATE_MAX_AGE_SECONDS) found.push({ from, to, seconds: to - from })
  }
  return found
}
