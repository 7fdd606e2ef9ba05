import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'

/** What each objective allows in the month, and what is left of it. */
export function Budget({ budget }: { readonly budget: SystemHealth['budget'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const tone = (left: number) => (left <= 0 ? 'bad' : left < 0.25 ? 'warn' : 'good')
  return (
    <Panel title={t('budget_title')}>
      <DataTable
        caption={t('budget_title')}
        hideCaption
        rows={budget}
        rowKey={({ name }) => name}
        empty={t('budget_none')}
        columns={[
          { key: 'name', header: t('budget_name'), rowHeader: true, cell: ({ name }) => <Said>{name}</Said> },
          {
            key: 'objective',
            header: t('budget_objective'),
            numeric: true,
            cell: ({ objective }) => format.percent(objective, objective > 0.99 ? 1 : 0),
          },
          {
            key: 'value',
            header: t('budget_value'),
            numeric: true,
            cell: ({ value }) => (value === null ? t('budget_unknown') : format.percent(value, 2)),
          },
          {
            key: 'left',
            header: t('budget_left'),
            numeric: true,
            sortValue: ({ left }) => left,
            cell: ({ left }) =>
              left === null ? (
                '–'
              ) : (
                <Badge tone={tone(left)}>
                  {format.percent(left)}
                  {left < 0 ? ` ${t('budget_overdrawn')}` : ''}
                </Badge>
              ),
          },
        ]}
      />
    </Panel>
  )
}
