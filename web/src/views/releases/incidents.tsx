import type { ReactElement } from 'react'
import type { Releases } from '../../../../src/core/contracts/api/releases.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { ViewLink } from '../../ui/view-link.tsx'

/** Incidents, open ones first. */
export function Incidents({ releases }: { readonly releases: Releases }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const rows = releases.incidents.toSorted(
    (a, b) => Number(a.closed !== null) - Number(b.closed !== null) || b.opened_at - a.opened_at,
  )
  return (
    <Panel title={t('incidents_title')}>
      <DataTable
        caption={t('incidents_title')}
        hideCaption
        rows={rows}
        rowKey={({ id }) => id}
        pageSize={10}
        empty={t('incidents_none')}
        columns={[
          {
            key: 'state',
            header: t('incidents_state'),
            cell: ({ closed }) =>
              closed === null ? (
                <Badge tone="bad">{t('incidents_open')}</Badge>
              ) : (
                <Badge tone="neutral">{t('incidents_closed')}</Badge>
              ),
          },
          {
            key: 'what',
            header: t('incidents_what'),
            rowHeader: true,
            cell: ({ id, title }) => (
              <ViewLink to={{ tab: 'releases', incident: id }}>
                <Said>{title}</Said>
              </ViewLink>
            ),
          },
          { key: 'kind', header: t('incidents_kind'), cell: ({ kind }) => t(`incidents_kinds_${kind}`) },
          {
            key: 'endpoint',
            header: t('incidents_endpoint'),
            cell: ({ endpoint }) => <Name>{endpoint}</Name>,
          },
          {
            key: 'began',
            header: t('incidents_began'),
            sortValue: ({ began }) => began,
            cell: ({ began }) => format.dateTime(began),
          },
        ]}
      />
    </Panel>
  )
}

/** Who answers for what the gate would not let through, and until when. */
export function Waivers({ releases }: { readonly releases: Releases }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const { at } = releases.as_of
  return (
    <Panel title={t('waivers_title')}>
      <DataTable
        caption={t('waivers_title')}
        hideCaption
        rows={releases.waivers}
        rowKey={({ endpoint, from, by }) => `${endpoint} ${from} ${by}`}
        empty={t('waivers_none')}
        columns={[
          {
            key: 'metric',
            header: t('waivers_metric'),
            rowHeader: true,
            cell: ({ metric, endpoint }) => (
              <>
                {metric} <Name>{endpoint}</Name>
              </>
            ),
          },
          {
            key: 'until',
            header: t('waivers_until'),
            sortValue: ({ until }) => until,
            cell: ({ until }) => (
              <>
                {format.dateTime(until)}{' '}
                <Badge tone={until > at ? 'warn' : 'neutral'}>
                  {until > at ? t('waivers_holds') : t('waivers_over')}
                </Badge>
              </>
            ),
          },
          {
            key: 'why',
            header: t('waivers_why'),
            cell: ({ by, why }) => (
              <>
                <Name>{why}</Name>
                <span className="note block">
                  {t('waivers_by')} <Name>{by}</Name>
                </span>
              </>
            ),
          },
        ]}
      />
    </Panel>
  )
}
