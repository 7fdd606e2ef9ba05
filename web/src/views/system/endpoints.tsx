import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'

type Endpoint = SystemHealth['endpoints'][number]

/** Each endpoint of the last 24 hours: batches, latency, requests and how many of them failed. */
export function Endpoints({ endpoints }: { readonly endpoints: SystemHealth['endpoints'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const figure = (
    key: string,
    header: string,
    value: (row: Endpoint) => number | null,
    write: (value: number | null) => string,
  ): Column<Endpoint> => ({ key, header, numeric: true, sortValue: value, cell: (row) => write(value(row)) })
  const ms = (value: number | null) => format.unit(value, 'ms')
  const count = (value: number | null) => format.number(value)
  return (
    <Panel title={t('endpoints_title')} note={t('endpoints_lead')}>
      <DataTable
        caption={t('endpoints_title')}
        hideCaption
        rows={endpoints}
        rowKey={({ endpoint }) => endpoint}
        empty={t('endpoints_none')}
        columns={[
          {
            key: 'endpoint',
            header: t('endpoints_endpoint'),
            rowHeader: true,
            sortValue: ({ endpoint }) => endpoint,
            cell: ({ endpoint }) => <Name>{endpoint}</Name>,
          },
          {
            key: 'status',
            header: t('endpoints_status'),
            cell: ({ status }) => <Badge tone={status === 'InService' ? 'good' : 'warn'}>{status}</Badge>,
          },
          {
            key: 'batches',
            header: t('endpoints_batches'),
            numeric: true,
            sortValue: ({ batches_24h }) => batches_24h,
            cell: ({ batches_24h, batches_due }) => (
              <span className={batches_24h < batches_due ? 'short' : undefined}>
                {t('endpoints_batches_of', { made: batches_24h, due: batches_due })}
              </span>
            ),
          },
          figure('p50', t('endpoints_p50'), ({ latency_p50_ms }) => latency_p50_ms, ms),
          figure('p95', t('endpoints_p95'), ({ latency_p95_ms }) => latency_p95_ms, ms),
          figure('p99', t('endpoints_p99'), ({ latency_p99_ms }) => latency_p99_ms, ms),
          figure('invocations', t('endpoints_invocations'), ({ invocations }) => invocations, count),
          figure('e4xx', t('endpoints_e4xx'), ({ errors_4xx }) => errors_4xx, count),
          figure('e5xx', t('endpoints_e5xx'), ({ errors_5xx }) => errors_5xx, count),
        ]}
      />
    </Panel>
  )
}
