import type { ReactElement } from 'react'
import type { Compared } from '../../../../src/core/contracts/api/model.ts'
import { modelTexts } from '../../text/model.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { qualityRows, standing, type QualityRow } from './quality-rows.ts'

const TONES = { better: 'good', worse: 'bad', alike: 'neutral' } as const
const HELP = ['onset', 'brier', 'calibration'] as const

/** The newest 24 hours: every figure with that of persistence and its sample size beside it, onsets first. */
export function Quality({ quality }: { readonly quality: Compared | null }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  if (quality === null)
    return (
      <Panel title={t('quality_title')}>
        <p className="empty">{t('quality_none')}</p>
      </Panel>
    )
  const rows = qualityRows(quality)
  const help = (key: QualityRow['key']) => {
    const known = HELP.find((each) => each === key)
    return known === undefined ? null : <span className="note block">{t(`quality_${known}_help`)}</span>
  }
  const columns: readonly Column<QualityRow>[] = [
    {
      key: 'figure',
      header: t('quality_figure'),
      rowHeader: true,
      cell: ({ key }) => (
        <>
          {t(`quality_${key}`)} {help(key)}
        </>
      ),
    },
    {
      key: 'model',
      header: t('quality_model'),
      numeric: true,
      cell: ({ model }) => <strong>{format.number(model, 3)}</strong>,
    },
    {
      key: 'persistence',
      header: t('quality_persistence'),
      numeric: true,
      cell: ({ persistence }) =>
        persistence === undefined ? (
          <span className="note">{t('quality_not_had')}</span>
        ) : (
          format.number(persistence, 3)
        ),
    },
    { key: 'standing', header: t('quality_difference'), cell: (row) => <Standing row={row} /> },
    {
      key: 'samples',
      header: t('quality_samples'),
      numeric: true,
      cell: ({ samples }) => format.number(samples),
    },
    {
      key: 'positives',
      header: t('quality_positives'),
      numeric: true,
      cell: ({ positives }) => format.number(positives),
    },
  ]
  const missing = rows.some(({ model, persistence }) => model === null || persistence === null)
  return (
    <Panel
      title={t('quality_title')}
      className="quality"
      note={t('quality_window', {
        at: `${format.dateTime(quality.at)} ${format.zone(quality.at)}`,
        batches: quality.batches,
      })}
    >
      <DataTable
        caption={t('quality_title')}
        hideCaption
        rows={rows}
        columns={columns}
        rowKey={({ key }) => key}
      />
      {missing && <p className="note">{t('quality_missing')}</p>}
    </Panel>
  )
}

function Standing({ row }: { readonly row: QualityRow }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const stands = standing(row)
  if (stands === null) return <>–</>
  const difference = (row.model ?? 0) - (row.persistence ?? 0)
  return (
    <Badge tone={TONES[stands]}>
      {format.signed(difference, 3)} {t(`quality_${stands}`)}
    </Badge>
  )
}
