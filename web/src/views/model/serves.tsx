import type { ReactElement } from 'react'
import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'
import { modelTexts } from '../../text/model.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'

type Variant = ModelHealth['variants'][number]

/** What serves: each variant with its model, its share of the traffic and its own figures. */
export function Serves({ model }: { readonly model: ModelHealth }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const columns: readonly Column<Variant>[] = [
    {
      key: 'variant',
      header: t('serves_variant'),
      rowHeader: true,
      cell: ({ variant }) => <Name>{variant}</Name>,
    },
    {
      key: 'model',
      header: t('serves_model'),
      cell: ({ model_version }) => <Name>{model_version}</Name>,
    },
    { key: 'share', header: t('serves_share'), numeric: true, cell: ({ share }) => format.percent(share) },
    {
      key: 'onset',
      header: t('quality_onset'),
      numeric: true,
      cell: ({ figures }) => format.number(figures?.onset_pr_auc, 3),
    },
    {
      key: 'pr_auc',
      header: t('quality_pr_auc'),
      numeric: true,
      cell: ({ figures }) => format.number(figures?.pr_auc, 3),
    },
    {
      key: 'samples',
      header: t('quality_samples'),
      numeric: true,
      cell: ({ figures }) => format.number(figures?.samples),
    },
  ]
  return (
    <Panel
      title={t('serves_title')}
      note={model.endpoint === null ? undefined : t('serves_of', { endpoint: model.endpoint })}
    >
      <DataTable
        caption={t('serves_title')}
        hideCaption
        rows={model.variants}
        columns={columns}
        rowKey={({ variant, model_version }) => `${variant} ${model_version}`}
        empty={model.endpoint === null ? t('none_endpoint') : t('serves_none')}
      />
    </Panel>
  )
}
