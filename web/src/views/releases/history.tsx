import type { ReactElement } from 'react'
import type { Releases } from '../../../../src/core/contracts/api/releases.ts'
import { useCityParams } from '../../api/use-city.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { servedWords } from './release-words.ts'

/** Every change of what serves, and whether the record of it is whole. */
export function History({ releases }: { readonly releases: Releases }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const params = useCityParams()
  const at = releases.as_of.newest ? null : releases.as_of.at
  return (
    <Panel
      title={t('history_title')}
      actions={
        params !== null && (
          <Downloads name="releases" params={params} query={{ at }} what={t('history_title')} />
        )
      }
    >
      {releases.history_broken === null ? (
        releases.history.length > 0 && (
          <p>
            <Badge tone="good">{t('history_whole')}</Badge> {t('history_intact')}
          </p>
        )
      ) : (
        <p className="refusal" role="alert">
          <strong>{t('history_broken')}</strong> <Said>{releases.history_broken}</Said>
        </p>
      )}
      <DataTable
        caption={t('history_title')}
        hideCaption
        rows={releases.history}
        rowKey={({ seq }) => String(seq)}
        pageSize={12}
        empty={t('history_none')}
        columns={[
          {
            key: 'seq',
            header: t('history_seq'),
            rowHeader: true,
            sortValue: ({ seq }) => seq,
            cell: ({ seq }) => String(seq),
          },
          {
            key: 'at',
            header: t('history_at'),
            sortValue: ({ at: when }) => when,
            cell: ({ at: when }) => <span className="nowrap">{format.dateTime(when)}</span>,
          },
          {
            key: 'endpoint',
            header: t('history_endpoint'),
            sortValue: ({ endpoint }) => endpoint,
            cell: ({ endpoint, action }) => (
              <>
                <Name>{endpoint}</Name> <span className="note block">{t(`history_actions_${action}`)}</span>
              </>
            ),
          },
          {
            key: 'change',
            header: `${t('history_from')} → ${t('history_to')}`,
            cell: ({ from, to }) => (
              <>
                <Name>{servedWords(from, format) ?? t('serving_nothing')}</Name> →{' '}
                <Name>{servedWords(to, format) ?? t('serving_nothing')}</Name>
              </>
            ),
          },
          {
            key: 'by',
            header: t('history_by'),
            cell: ({ by, why }) => (
              <>
                <Name>{by}</Name>
                {why !== '' && (
                  <span className="note block">
                    <Name>{why}</Name>
                  </span>
                )}
              </>
            ),
          },
          {
            key: 'hash',
            header: t('history_hash'),
            cell: ({ hash }) => <code title={hash}>{hash.slice(0, 10)}</code>,
          },
        ]}
      />
    </Panel>
  )
}
