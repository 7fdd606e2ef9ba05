import type { ReactElement } from 'react'
import { modelTexts } from '../../text/model.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { splitAxisEnd, type SplitRow } from './split-rows.ts'

interface SplitProps {
  readonly title: string
  readonly note: string
  /** What a part is: hour, docks. */
  readonly part: string
  readonly empty: string
  readonly rows: readonly SplitRow[]
}

/** Onset PR-AUC of the parts of the day's predictions, as bars beside those of persistence, and all figures as a table. */
export function Split({ title, note, part, empty, rows }: SplitProps): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  if (rows.length === 0)
    return (
      <Panel title={title}>
        <p className="empty">{empty}</p>
      </Panel>
    )
  const figure = (
    key: string,
    header: string,
    value: (row: SplitRow) => number | null,
    digits = 3,
  ): Column<SplitRow> => ({
    key,
    header,
    numeric: true,
    sortValue: value,
    cell: (row) => format.number(value(row), digits),
  })
  return (
    <Panel title={title} note={note}>
      <Bars rows={rows} part={part} />
      <details>
        <summary>{t('table_show')}</summary>
        <DataTable
          caption={title}
          hideCaption
          rows={rows}
          rowKey={({ key }) => key}
          columns={[
            { key: 'part', header: part, rowHeader: true, cell: ({ label }) => label },
            figure('onset', t('quality_onset'), ({ figures }) => figures.onset_pr_auc),
            figure(
              'persistence',
              t('quality_persistence'),
              ({ figures }) => figures.persistence_onset_pr_auc,
            ),
            figure('onset_rows', t('split_onset_rows'), ({ figures }) => figures.onset_samples, 0),
            figure('onsets', t('split_onsets'), ({ figures }) => figures.onset_positives, 0),
            figure('pr_auc', t('quality_pr_auc'), ({ figures }) => figures.pr_auc),
            figure('f1', t('quality_f1'), ({ figures }) => figures.f1),
            figure('samples', t('quality_samples'), ({ figures }) => figures.samples, 0),
            figure('positives', t('quality_positives'), ({ figures }) => figures.positives, 0),
          ]}
        />
      </details>
    </Panel>
  )
}

const HEIGHT = 120
/** A slot holds two bars, and its label: about so wide a letter. */
const LEAST_SLOT = 26
const LETTER = 6

function Bars({ rows, part }: { readonly rows: readonly SplitRow[]; readonly part: string }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const end = splitAxisEnd(rows)
  const slot = Math.max(LEAST_SLOT, ...rows.map(({ label }) => (label.length + 2) * LETTER))
  const width = rows.length * slot
  const height = (value: number | null) => (HEIGHT * Math.min(end, value ?? 0)) / end
  const bar = (x: number, value: number | null, name: string) =>
    value === null ? null : (
      <rect
        className={name}
        x={x}
        y={HEIGHT - height(value)}
        width={9}
        height={Math.max(0.5, height(value))}
      />
    )
  return (
    <figure className="split-bars">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys */}
      <div className="split-scroll" role="group" aria-label={t('split_picture', { part })} tabIndex={0}>
        <svg
          viewBox={`-34 -8 ${width + 38} ${HEIGHT + 28}`}
          // A bar stays as wide as it is however few there are.
          style={{ maxInlineSize: (width + 38) * 1.4, minInlineSize: Math.min(560, width + 38) }}
          aria-hidden="true"
        >
          {[0, 0.5, 1].map((share) => (
            <g key={share} className="plot-grid">
              <line x1={0} x2={width} y1={HEIGHT * (1 - share)} y2={HEIGHT * (1 - share)} />
              <text x={-4} y={HEIGHT * (1 - share) + 3} textAnchor="end">
                {format.number(share * end, 2)}
              </text>
            </g>
          ))}
          {rows.map(({ key, label, figures }, i) => (
            <g key={key} transform={`translate(${i * slot} 0)`}>
              {bar(slot / 2 - 10, figures.onset_pr_auc, 'bar-model')}
              {bar(slot / 2 + 1, figures.persistence_onset_pr_auc, 'bar-persistence')}
              <text className="split-label" x={slot / 2} y={HEIGHT + 13} textAnchor="middle">
                {figures.onset_pr_auc === null ? `${label} –` : label}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="legend">
        <span className="legend-model">{t('split_model')}</span>
        <span className="legend-persistence">{t('quality_persistence')}</span>
      </figcaption>
    </figure>
  )
}
