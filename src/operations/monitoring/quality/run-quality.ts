import type { QualityRow } from '../../../core/contracts/quality.ts'
import { OperatorError } from '../../../core/errors.ts'
import { BATCH_SECONDS, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { Platform } from '../../../platform/ports.ts'
import { endpointViews, type EndpointView, type WindowOptions } from './endpoint-windows.ts'
import { readRows, writeRevision } from './partition.ts'
import { qualityData } from './quality-metrics.ts'
import { windowDigest, windowRows } from './window-rows.ts'
import { LOOK_BACK_SECONDS, openQualityWindow, type QualityWindow, type WindowPlatform } from './window.ts'

/** `at` of `WindowOptions` is the batch that the 24 hours end at. */
export interface QualityOptions extends WindowOptions {
  readonly now: EpochSeconds
  readonly namespace: string
  /** Kept from batch to batch; a new one otherwise. */
  readonly window?: QualityWindow
  /** Put the metrics. */
  readonly live: boolean
}

/** What came of one endpoint. */
export interface EndpointQuality {
  readonly endpoint: string
  /** What was published first for this batch; see `QualityRow`. */
  readonly rows: readonly QualityRow[]
  /** False when it had been published before. */
  readonly published: boolean
  /** Batches, this one among them, whose figures changed by what came late: each has a new revision. */
  readonly revised: readonly EpochSeconds[]
}

/** What came of a batch. */
export interface QualityRun {
  readonly at: EpochSeconds
  readonly endpoints: readonly EndpointQuality[]
  /** The predictions it was made of, for `runEstimate`. */
  readonly views: readonly EndpointView[]
}

/**
 * Judges the predictions of every endpoint of a city whose outcome was due in the 24 hours that end at a batch: writes the
 * batch's partition, and puts its metrics once. Where late snapshots changed the figures of the last two hours, a revision
 * is written beside what was published first; metrics are never revised. Run again it changes nothing.
 */
export async function runQuality(
  platform: WindowPlatform & { readonly metrics: Pick<Platform['metrics'], 'putMetricData'> },
  options: QualityOptions,
): Promise<QualityRun> {
  const { city, at, now, namespace, live } = options
  if (at % BATCH_SECONDS !== 0 || at > now)
    throw new OperatorError('USAGE', `${isoOf(at)} is not a batch before ${isoOf(now)}`)
  const window = options.window ?? openQualityWindow()
  const views = await endpointViews(platform, window, options)
  await knowPublished(platform, window, views, { city, at })
  const endpoints = await Promise.all(views.map((view) => publishEndpoint(platform, window, view, options)))
  // After the partitions: a run that was killed before this line is made again, and puts what it published.
  const data = endpoints.flatMap(({ rows }) => qualityData(rows))
  if (live && data.length > 0) await platform.metrics.putMetricData(namespace, data)
  return { at, endpoints, views }
}

const nameOf = (endpoint: string, at: EpochSeconds): string => `${endpoint}/${at}`

/** Learns what is published of the look-back: in a new window from the lake, else only of this batch. */
async function knowPublished(
  { warehouse }: WindowPlatform,
  window: QualityWindow,
  views: readonly EndpointView[],
  { city, at }: { readonly city: string; readonly at: EpochSeconds },
): Promise<void> {
  const known = window.published
  for (const [name, { at: published }] of known) if (published < at - LOOK_BACK_SECONDS) known.delete(name)
  const last = Math.max(...[...known.values()].map((publication) => publication.at))
  const from = known.size === 0 ? at - LOOK_BACK_SECONDS : Math.min(last + BATCH_SECONDS, at)
  if (views.length === 0) return
  for (const { endpoint, ends_at: published, revision, digest } of await readRows(
    { warehouse },
    { city, from, to: at, kind: 'all' },
  ))
    known.set(nameOf(endpoint, published), { at: published, revision, digest })
}

async function publishEndpoint(
  platform: WindowPlatform,
  window: QualityWindow,
  view: EndpointView,
  { city, at }: QualityOptions,
): Promise<EndpointQuality> {
  const { endpoint } = view
  const revised: EpochSeconds[] = []
  let rows: readonly QualityRow[] = []
  const before = window.published.get(nameOf(endpoint, at))
  for (let end = at - LOOK_BACK_SECONDS + BATCH_SECONDS; end <= at; end += BATCH_SECONDS) {
    const known = window.published.get(nameOf(endpoint, end))
    const now = view.windowAt(end)
    const digest = windowDigest(now)
    if (known?.digest === digest || (known === undefined && end < at)) continue
    const revision = known === undefined ? 0 : known.revision + 1
    const made = windowRows(now, revision, window.memo)
    await writeRevision(platform, made)
    window.published.set(nameOf(endpoint, end), { at: end, revision, digest })
    if (revision > 0) revised.push(end)
    else rows = made
  }
  if (before !== undefined) {
    const published = await readRows(platform, { city, endpoint, from: at, to: at })
    rows = published.filter(({ revision }) => revision === 0)
  }
  return { endpoint, rows, published: before === undefined, revised }
}
