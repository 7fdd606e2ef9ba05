import type { ReactElement } from 'react'
import type { Releases } from '../../../../src/core/contracts/api/releases.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What each endpoint serves at the moment that is shown, since when, and who made it so. */
export function Serving({ releases }: { readonly releases: Releases }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const { at } = releases.as_of
  return (
    <Panel
      title={t('serving_title')}
      note={
        releases.as_of.newest
          ? undefined
          : t('at_moment', { at: `${format.dateTime(at)} ${format.zone(at)}` })
      }
    >
      <DataTable
        caption={t('serving_title')}
        hideCaption
        rows={releases.serving}
        rowKey={({ endpoint }) => endpoint}
        empty={t('serving_none')}
        columns={[
          {
            key: 'endpoint',
            header: t('serving_endpoint'),
            rowHeader: true,
            sortValue: ({ endpoint }) => endpoint,
            cell: ({ endpoint }) => <Name>{endpoint}</Name>,
          },
          {
            key: 'serves',
            header: t('serving_serves'),
            cell: ({ serves }) =>
              serves === null ? (
                <span className="note">{t('serving_nothing')}</span>
              ) : (
                <Variants serves={serves} />
              ),
          },
          {
            key: 'since',
            header: t('serving_since'),
            sortValue: ({ since }) => since,
            cell: ({ since }) => format.dateTime(since),
          },
          { key: 'by', header: t('serving_by'), cell: ({ by }) => (by === null ? '–' : <Name>{by}</Name>) },
        ]}
      />
    </Panel>
  )
}

type Serves = NonNullable<Releases['serving'][number]['serves']>

function Variants({ serves }: { readonly serves: Serves }): ReactElement {
  const format = useFormat()
  const total = serves.variants.reduce((sum, { weight }) => sum + weight, 0)
  return (
    <ul className="plain-list">
      {serves.variants.map(({ variant, model_version, weight }) => (
        <li key={variant}>
          <Name>{model_version}</Name>{' '}
          {serves.variants.length > 1 && (
            <span className="note">
              {variant}, {total > 0 ? format.percent(weight / total) : '–'}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
