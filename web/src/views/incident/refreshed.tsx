import type { ReactElement } from 'react'
import type { Refresh } from '../../../../src/core/contracts/incident.ts'
import { incidentTexts } from '../../text/incident.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'

type Row = Refresh['models'][number]['baselines'][number] & {
  readonly endpoint: string
  readonly model: string
}

/** Baselines that were made anew for the models that serve again. */
export function Refreshed({ refresh }: { readonly refresh: Refresh }): ReactElement {
  const t = useText(incidentTexts)
  const format = useFormat()
  const rows: readonly Row[] = refresh.models.flatMap(({ endpoint, model_version, baselines }) =>
    baselines.map((baseline) => ({ ...baseline, endpoint, model: model_version })),
  )
  return (
    <Panel title={t('refresh_title')} note={t('refresh_lead', { at: format.dateTime(refresh.at) })}>
      <DataTable
        caption={t('refresh_title')}
        hideCaption
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'model',
            header: t('refresh_model'),
            rowHeader: true,
            cell: ({ endpoint, model }) => (
              <>
                <Name>{model}</Name> <span className="note">{endpoint}</span>
              </>
            ),
          },
          {
            key: 'baseline',
            header: t('refresh_baseline'),
            cell: ({ baseline }) => t(`refresh_baselines_${baseline}`),
          },
          {
            key: 'outcome',
            header: t('refresh_outcome'),
            cell: ({ problem, before, after }) =>
              problem === null ? (
                <Badge tone={before === after ? 'neutral' : 'good'}>
                  {before === after
                    ? t('refresh_same')
                    : before === null
                      ? t('refresh_made')
                      : t('refresh_changed')}
                </Badge>
              ) : (
                <Said>{problem}</Said>
              ),
          },
        ]}
      />
    </Panel>
  )
}
