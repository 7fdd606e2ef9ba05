import { DAY_SECONDS, dsOf, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { readQuality } from '../../operations/monitoring/quality/read-quality.ts'
import type { Platform } from '../../platform/ports.ts'

/** The newest published quality is looked for this far back. */
const QUALITY_LOOK_BACK = 3 * HOUR_SECONDS

/** How an endpoint does. Figures that are not had are null. */
export interface EndpointStatus {
  readonly endpoint: string
  readonly status: string
  readonly batches_24h: number
  readonly last_batch: EpochSeconds | null
  /** Of the newest published window of 24 hours. */
  readonly quality: {
    readonly at: EpochSeconds
    readonly samples: number
    readonly pr_auc: number | null
    readonly f1: number | null
    readonly onset_pr_auc: number | null
  } | null
}

/** Every endpoint with its batches of the last 24 hours and its newest quality. */
export async function endpointStatus(
  platform: Pick<Platform, 'warehouse' | 'endpoints'>,
  { city, now }: { readonly city: string; readonly now: EpochSeconds },
): Promise<EndpointStatus[]> {
  const rows = await platform.warehouse.rows<{ endpoint: string; batches: number; last: number }>({
    name: 'batches-24h',
    sql: `select endpoint, count(distinct slot) as batches, max(slot) as last from predictions
          where slot > $from and slot <= $to group by endpoint`,
    tables: {
      predictions: { dataset: 'predictions', city, dsFrom: dsOf(now - DAY_SECONDS), dsTo: dsOf(now) },
    },
    params: { from: now - DAY_SECONDS, to: now },
  })
  const published = await readQuality(platform, { city, from: now - QUALITY_LOOK_BACK, to: now })
  return (await platform.endpoints.listEndpoints()).map(
    ({ EndpointName: endpoint, EndpointStatus: status }) => {
      const made = rows.find((row) => row.endpoint === endpoint)
      const newest = published
        .filter((quality) => quality.endpoint === endpoint)
        .toSorted((a, b) => a.at - b.at)
        .at(-1)
      const all = newest?.rows.find(({ kind }) => kind === 'all')
      return {
        endpoint,
        status,
        batches_24h: made?.batches ?? 0,
        last_batch: made?.last ?? null,
        quality:
          newest && all
            ? {
                at: newest.at,
                samples: all.samples,
                pr_auc: all.pr_auc,
                f1: all.f1,
                onset_pr_auc: all.onset_pr_auc,
              }
            : null,
      }
    },
  )
}
