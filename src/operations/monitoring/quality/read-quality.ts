import type { QualityRow } from '../../../core/contracts/quality.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { readRows } from './partition.ts'

/** The figures of one endpoint and batch: as they are known now, and as they were published first. */
export interface PublishedQuality {
  readonly endpoint: string
  readonly at: EpochSeconds
  /** How often late snapshots have changed the figures. */
  readonly revision: number
  readonly rows: readonly QualityRow[]
  readonly first: readonly QualityRow[]
}

/** What was published for the batches in `[from, to]`, by endpoint and batch. */
export async function readQuality(
  platform: Pick<Platform, 'warehouse'>,
  query: {
    readonly city: string
    readonly endpoint?: string
    readonly from: EpochSeconds
    readonly to: EpochSeconds
  },
): Promise<PublishedQuality[]> {
  const batches = new Map<string, QualityRow[]>()
  for (const row of await readRows(platform, query)) {
    const key = `${row.endpoint}/${row.ends_at}`
    const rows = batches.get(key)
    if (rows) rows.push(row)
    else batches.set(key, [row])
  }
  return [...batches.values()].flatMap((rows) => {
    const [oldest, newest] = [rows[0], rows.at(-1)]
    if (!oldest || !newest) return []
    const of = (revision: number): QualityRow[] => rows.filter((row) => row.revision === revision)
    const { endpoint, ends_at: at, revision } = newest
    return [{ endpoint, at, revision, rows: of(revision), first: of(oldest.revision) }]
  })
}
