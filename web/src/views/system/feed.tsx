import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { textOr } from '../../text/text-or.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import type { Tone } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'

/** From when a snapshot is too old to predict from. */
const STALE_SECONDS = 900

/** Whether the feed comes, how soon it is in the lake, and where it is missing. */
export function Feed({ feed }: { readonly feed: SystemHealth['feed'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  return (
    <Panel title={t('feed_title')}>
      <dl className="figures figures-wide">
        <Figure
          label={t('feed_age')}
          value={format.duration(feed.age_seconds)}
          {...toned(feed.age_seconds === null ? undefined : feed.age_seconds <= STALE_SECONDS)}
        />
        <Figure
          label={t('feed_slo')}
          value={format.percent(feed.ingest_slo, 2)}
          note={t('feed_slo_objective', { objective: format.percent(feed.ingest_objective) })}
          {...toned(feed.ingest_slo === null ? undefined : feed.ingest_slo >= feed.ingest_objective)}
        />
        <Figure
          label={t('feed_coverage')}
          value={format.percent(feed.coverage, 1)}
          note={t('feed_coverage_help')}
        />
        <Figure
          label={t('feed_quarantined')}
          value={format.number(feed.quarantined)}
          note={t('feed_quarantined_help')}
        />
        <Figure
          label={t('feed_frozen')}
          value={format.percent(feed.frozen_stations, 1)}
          note={t('feed_frozen_help')}
        />
      </dl>
      <h3>{t('feed_gaps')}</h3>
      <p className="note">{t('feed_gaps_lead')}</p>
      <DataTable
        caption={t('feed_gaps')}
        hideCaption
        rows={feed.gaps}
        rowKey={({ from }) => String(from)}
        pageSize={10}
        empty={t('feed_gaps_none')}
        columns={[
          {
            key: 'from',
            header: t('feed_from'),
            rowHeader: true,
            sortValue: ({ from }) => from,
            cell: ({ from }) => format.dateTime(from),
          },
          { key: 'to', header: t('feed_to'), cell: ({ to }) => format.dateTime(to) },
          {
            key: 'lasted',
            header: t('feed_lasted'),
            numeric: true,
            sortValue: ({ from, to }) => to - from,
            cell: ({ from, to }) => format.duration(to - from),
          },
          {
            key: 'cause',
            header: t('feed_cause'),
            cell: ({ cause }) => {
              const known = textOr(systemTexts, t, `feed_causes_${cause}`, '')
              return known === '' ? <Said>{cause}</Said> : known
            },
          },
        ]}
      />
    </Panel>
  )
}

function toned(good: boolean | undefined): { readonly tone?: Tone } {
  return good === undefined ? {} : { tone: good ? 'good' : 'bad' }
}
