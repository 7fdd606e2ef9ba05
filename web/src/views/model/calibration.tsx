import type { ReactElement } from 'react'
import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'
import { modelTexts } from '../../text/model.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { dotRadius, drawnBins, worstBin } from './calibration-plot.ts'

type Bins = Readonly<NonNullable<ModelHealth['calibration']>['bins']>

/** What was said against what happened, as a picture and as figures. */
export function Calibration({
  calibration,
}: {
  readonly calibration: ModelHealth['calibration']
}): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const bins = calibration === null ? [] : drawnBins(calibration.bins)
  if (calibration === null || bins.length === 0)
    return (
      <Panel title={t('calibration_title')}>
        <p className="empty">{t('calibration_none')}</p>
      </Panel>
    )
  return (
    <Panel
      title={t('calibration_title')}
      note={t('calibration_lead', {
        samples: calibration.samples,
        from: format.dateTime(calibration.from),
        to: format.dateTime(calibration.to),
      })}
    >
      <div className="side-by-side">
        <Plot bins={bins} />
        <DataTable
          caption={t('calibration_title')}
          hideCaption
          rows={bins}
          rowKey={({ said, samples }) => `${said} ${samples}`}
          columns={[
            {
              key: 'said',
              header: t('calibration_said'),
              numeric: true,
              cell: ({ said }) => format.percent(said, 1),
            },
            {
              key: 'happened',
              header: t('calibration_happened'),
              numeric: true,
              cell: ({ happened }) => format.percent(happened, 1),
            },
            {
              key: 'samples',
              header: t('calibration_samples'),
              numeric: true,
              cell: ({ samples }) => format.number(samples),
            },
          ]}
        />
      </div>
    </Panel>
  )
}

const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** A square of 100 by 100 with room for the axes; dots on the diagonal said what came. */
function Plot({ bins }: { readonly bins: Bins }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const most = Math.max(...bins.map(({ samples }) => samples))
  const worst = worstBin(bins)
  const summary =
    worst === undefined
      ? ''
      : t('calibration_summary', {
          bins: bins.length,
          off: format.number(100 * worst.off, 1),
          said: format.percent(worst.bin.said, 1),
          happened: format.percent(worst.bin.happened, 1),
        })
  return (
    <figure className="calibration-plot">
      <svg viewBox="-19 -4 126 118" role="img" aria-label={`${t('calibration_picture')} ${summary}`}>
        {TICKS.map((tick) => (
          <g key={tick} className="plot-grid">
            <line x1={100 * tick} x2={100 * tick} y1={0} y2={100} />
            <line x1={0} x2={100} y1={100 - 100 * tick} y2={100 - 100 * tick} />
            <text x={100 * tick} y={105.5} textAnchor="middle">
              {format.percent(tick)}
            </text>
            <text x={-2} y={101.2 - 100 * tick} textAnchor="end">
              {format.percent(tick)}
            </text>
          </g>
        ))}
        <line className="plot-diagonal" x1={0} y1={100} x2={100} y2={0} />
        <polyline
          className="plot-line"
          points={bins.map(({ said, happened }) => `${100 * said},${100 - 100 * happened}`).join(' ')}
        />
        {bins.map(({ said, happened, samples }) => (
          <circle
            key={`${said} ${samples}`}
            className="plot-dot"
            cx={100 * said}
            cy={100 - 100 * happened}
            r={dotRadius(samples, most)}
          />
        ))}
        <text className="plot-label" x={50} y={112} textAnchor="middle">
          {t('calibration_said')}
        </text>
        <text className="plot-label" transform="translate(-15.5 50) rotate(-90)" textAnchor="middle">
          {t('calibration_happened')}
        </text>
      </svg>
      <figcaption className="note">{summary}</figcaption>
    </figure>
  )
}
