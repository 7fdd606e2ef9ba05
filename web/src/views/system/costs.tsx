import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'

/** What a month costs as things are, item by item. */
export function Cost({ cost }: { readonly cost: SystemHealth['cost'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  if (cost === null)
    return (
      <Panel title={t('cost_title')}>
        <p className="empty">{t('cost_none')}</p>
      </Panel>
    )
  // A currency that is none (`local`) has no amounts to write.
  const isCurrency = /^[A-Z]{3}$/.test(cost.currency)
  const amount = (value: number | null) =>
    isCurrency ? format.money(value, cost.currency) : format.number(value, 2)
  return (
    <Panel title={t('cost_title')} note={isCurrency ? undefined : t('cost_local')}>
      <dl className="figures">
        <Figure label={t('cost_month')} value={amount(cost.month)} />
      </dl>
      <DataTable
        caption={t('cost_title')}
        hideCaption
        rows={cost.lines}
        rowKey={({ item, quantity }) => `${item} ${quantity}`}
        empty={t('cost_none')}
        pageSize={12}
        columns={[
          { key: 'item', header: t('cost_item'), rowHeader: true, cell: ({ item }) => <Said>{item}</Said> },
          { key: 'quantity', header: t('cost_quantity'), cell: ({ quantity }) => <Said>{quantity}</Said> },
          {
            key: 'month',
            header: t('cost_amount', { currency: cost.currency }),
            numeric: true,
            sortValue: ({ month }) => month,
            cell: ({ month }) => amount(month),
          },
        ]}
      />
    </Panel>
  )
}

/** Bytes on disk by part of the lake. */
export function Storage({ storage }: { readonly storage: SystemHealth['storage'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const total = storage.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <Panel
      title={t('storage_title')}
      note={storage.length === 0 ? undefined : `${t('storage_total')}: ${format.bytes(total)}`}
    >
      <DataTable
        caption={t('storage_title')}
        hideCaption
        rows={storage.toSorted((a, b) => b.bytes - a.bytes)}
        rowKey={({ part }) => part}
        empty={t('storage_none')}
        columns={[
          {
            key: 'part',
            header: t('storage_part'),
            rowHeader: true,
            sortValue: ({ part }) => part,
            cell: ({ part }) => <Said>{part}</Said>,
          },
          {
            key: 'bytes',
            header: t('storage_bytes'),
            numeric: true,
            sortValue: ({ bytes }) => bytes,
            cell: ({ bytes }) => format.bytes(bytes),
          },
          {
            key: 'share',
            header: t('storage_share'),
            numeric: true,
            cell: ({ bytes }) => (total === 0 ? '–' : format.percent(bytes / total, 1)),
          },
        ]}
      />
    </Panel>
  )
}
