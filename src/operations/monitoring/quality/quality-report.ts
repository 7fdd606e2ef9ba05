import type { QualityRow } from '../../../core/contracts/quality.ts'
import { DAY_SECONDS, HORIZON_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import type { EndpointView } from './endpoint-windows.ts'
import { HourMemo } from './hour-memo.ts'
import { FEWEST_BATCHES } from './quality-metrics.ts'
import { readQuality } from './read-quality.ts'
import { windowRows } from './window-rows.ts'

/** How one endpoint did in the 24 hours that end at a batch, as the lake has it now. */
export interface EndpointReport {
  readonly endpoint: string
  readonly at: EpochSeconds
  readonly rows: readonly QualityRow[]
  /** What was published for this batch first; null when nothing was. */
  readonly first: QualityRow | null
  /** How often late snapshots have changed the published figures; null when nothing was published. */
  readonly revision: number | null
  /** What is missing of the window, and why; empty when it is whole. */
  readonly missing: readonly string[]
}

/** Batches that 24 hours hold. */
const BATCHES_24H = 144

/** Tells how the endpoints of `views`, which are as of `at`, did; nothing is written. */
export async function qualityReport(
  platform: Pick<Platform, 'warehouse'>,
  views: readonly EndpointView[],
  { city, at }: { readonly city: string; readonly at: EpochSeconds },
): Promise<EndpointReport[]> {
  const published = await readQuality(platform, { city, from: at, to: at })
  return views.map((view) => {
    const { endpoint } = view
    const rows = windowRows(view.windowAt(at), 0, new HourMemo())
    const record = published.find((one) => one.endpoint === endpoint)
    return {
      endpoint,
      at,
      rows,
      first: record?.first.find(({ kind }) => kind === 'all') ?? null,
      revision: record?.revision ?? null,
      missing: whatIsMissing(rows, at),
    }
  })
}

function whatIsMissing(rows: readonly QualityRow[], at: EpochSeconds): string[] {
  const all = rows.find(({ kind }) => kind === 'all')
  if (!all) return []
  const missing: string[] = []
  if (all.batches < BATCHES_24H) {
    const from = isoOf(at - DAY_SECONDS - HORIZON_SECONDS)
    missing.push(
      `${BATCHES_24H - all.batches} of ${BATCHES_24H} batches predicted after ${from} have no outcome: not predicted in time, or no snapshot came`,
    )
  }
  if (all.batches < FEWEST_BATCHES)
    missing.push(`metrics of figures are put from ${FEWEST_BATCHES} batches on`)
  if (all.unlabelled > 0)
    missing.push(
      `the outcome of ${all.unlabelled} predictions is not known: no snapshot, or the station is not in it`,
    )
  for (const row of rows)
    if (row.kind === 'set_aside')
      missing.push(`${row.unlabelled} rows were set aside: ${row.name.replaceAll('_', ' ')}`)
  if (all.samples > 0 && all.pr_auc === null)
    missing.push(
      `no PR-AUC: ${all.positives} of ${all.samples} predictions ran short, which is one class only`,
    )
  if (all.onset_samples > 0 && all.onset_positives === 0) missing.push('no onset PR-AUC: no onset came')
  return missing
}
