import { isoOf } from '../../core/time.ts'
import type { DriftRecord } from '../../operations/monitoring/drift/drift-file.ts'
import type { FeedRecord } from '../../operations/monitoring/feed/feed-file.ts'
import { figure, spanText, textTable } from './table.ts'

/** Features and stations that are shown of an endpoint. */
const SHOWN = 5

/** Drift and feed health for a person, in one screen. */
export function driftText(records: readonly DriftRecord[], feed: FeedRecord): string {
  const summary = records.map((r) => [
    r.endpoint,
    r.rows,
    figure(r.psi),
    r.psi_feature,
    figure(r.score?.psi),
    figure(r.label?.psi),
    percent(r.skew?.share),
    r.weather === null ? null : r.weather.faults,
  ])
  const head = ['endpoint', 'rows', 'PSI', 'greatest', 'scores', 'labels', 'skew', 'weather faults']
  return [
    `The 24 hours before ${isoOf(feed.at)}`,
    records.length === 0 ? 'No endpoint yet.' : textTable(head, summary),
    ...records.filter((r) => r.reason !== null).map((r) => `${r.endpoint} has no PSI: ${r.reason}.`),
    ...features(records),
    ...stations(records),
    ...(records[0]?.weather?.found ?? []).map(
      (fault) => `Weather: ${fault.column} for ${fault.hours} h: ${fault.detail}.`,
    ),
    feedTable(feed),
  ].join('\n\n')
}

function features(records: readonly DriftRecord[]): string[] {
  const rows = alike(records).flatMap(({ names, record }) =>
    record.features
      .filter(({ psi }) => psi !== null)
      .toSorted((a, b) => (b.psi ?? 0) - (a.psi ?? 0))
      .slice(0, SHOWN)
      .map((column) => [names, column.name, figure(column.psi), column.samples]),
  )
  return rows.length === 0 ? [] : [textTable(['endpoint', 'feature', 'PSI', 'samples'], rows)]
}

function stations(records: readonly DriftRecord[]): string[] {
  const rows = alike(records).flatMap(({ names, record }) =>
    (record.stations ?? [])
      .slice(0, SHOWN)
      .map((s) => [
        names,
        s.name ?? s.station_id,
        s.feature,
        figure(s.baseline, 2),
        figure(s.window, 2),
        figure(s.shift, 1),
      ]),
  )
  const head = ['endpoint', 'station that moved', 'feature', 'in training', 'now', 'standard deviations']
  return rows.length === 0 ? [] : [textTable(head, rows)]
}

/** Staging and prod mostly receive the same: what is the same is shown once. */
function alike(records: readonly DriftRecord[]): { names: string; record: DriftRecord }[] {
  const groups = new Map<string, DriftRecord[]>()
  for (const record of records) {
    const content = JSON.stringify([record.model_version, record.features, record.stations])
    groups.set(content, [...(groups.get(content) ?? []), record])
  }
  return [...groups.values()].flatMap((group) =>
    group[0] ? [{ names: group.map(({ endpoint }) => endpoint).join(', '), record: group[0] }] : [],
  )
}

function feedTable(feed: FeedRecord): string {
  const counts = (by: Readonly<Record<string, number>> | null): string =>
    by === null
      ? '–'
      : Object.entries(by)
          .map(([reason, n]) => `${n} ${reason}`)
          .join(', ') || 'none'
  const { frozen, ingest } = feed
  return textTable(
    ['feed', ''],
    [
      [
        'newest snapshot',
        feed.newest === null ? null : `${isoOf(feed.newest)}, ${spanText(feed.age_seconds ?? 0)} old`,
      ],
      ['snapshots', `${feed.snapshots}, ${percent(feed.coverage)} of the 5-minute slots known`],
      ['in the lake within 3 min', ingest && `${percent(ingest.share)} of ${ingest.snapshots}`],
      [
        'gaps over 15 min',
        feed.gaps.map((gap) => `${isoOf(gap.from)} ${spanText(gap.seconds)} (${gap.cause})`).join(', ') ||
          'none',
      ],
      ['refused', counts(feed.refused)],
      ['quarantined', counts(feed.quarantined)],
      ['silent for a day', feed.silent && someOf(feed.silent.map(({ station_id }) => station_id))],
      [
        'frozen',
        frozen &&
          `${percent(frozen.share)} of ${frozen.judged} that can be told: ${someOf(frozen.stations.map(({ station_id }) => station_id))}`,
      ],
    ],
  )
}

function someOf(ids: readonly string[]): string {
  if (ids.length === 0) return 'none'
  const more = ids.length - SHOWN
  return `${ids.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(2)} %`
}
