import type { ReactElement } from 'react'
import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { modelTexts } from '../../text/model.ts'
import { textOr } from '../../text/text-or.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Chart } from '../../ui/chart.tsx'
import { DayChoice } from '../../ui/day-choice.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ViewHead } from '../../ui/view-head.tsx'
import { Calibration } from './calibration.tsx'
import { Drift } from './drift.tsx'
import './model.css'
import { Quality } from './quality.tsx'
import { Serves } from './serves.tsx'
import { Split } from './split.tsx'
import type { SplitRow } from './split-rows.ts'

/** Health of the model behind the endpoint that is shown: quality beside persistence, calibration, drift. */
export function ModelView(): ReactElement {
  const t = useText(modelTexts)
  const [{ stage, target, at, days }] = useViewState()
  const asked = { stage, target, at, days }
  const params = useCityParams()
  const query = useApi('model', params, asked)
  return (
    <div className="view view-model">
      <ViewHead title={t('title')} lead={t('lead')}>
        <DayChoice />
        {params !== null && <Downloads name="model" params={params} query={asked} what={t('charts_title')} />}
      </ViewHead>
      <Async query={query} height={600}>
        {(model) => <Health model={model} />}
      </Async>
    </div>
  )
}

function Health({ model }: { readonly model: ModelHealth }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const hours: readonly SplitRow[] = model.by_hour.map(({ hour, figures }) => ({
    key: String(hour),
    label: String(hour),
    figures,
  }))
  return (
    <>
      <Quality quality={model.quality} />
      <Serves model={model} />
      <Charts model={model} />
      <Estimate estimate={model.estimate} />
      <Calibration calibration={model.calibration} />
      <Drift drift={model.drift} />
      <Split
        title={t('by_hour_title')}
        note={t('by_hour_lead', { zone: format.zoneName })}
        part={t('by_hour_hour')}
        empty={t('by_hour_none')}
        rows={hours}
      />
      <BySize sizes={model.by_size} />
    </>
  )
}

function Charts({ model }: { readonly model: ModelHealth }): ReactElement {
  const t = useText(modelTexts)
  return (
    <Panel title={t('charts_title')}>
      {model.charts.length === 0 && <p className="empty">{t('charts_none')}</p>}
      <div className="chart-grid">
        {model.charts.map((chart) => (
          <Chart key={chart.id} chart={chart} title={textOr(modelTexts, t, `charts_${chart.id}`, chart.id)} />
        ))}
      </div>
    </Panel>
  )
}

function Estimate({ estimate }: { readonly estimate: ModelHealth['estimate'] }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  return (
    <Panel title={t('estimate_title')} note={t('estimate_lead')}>
      {estimate === null ? (
        <p className="empty">{t('estimate_none')}</p>
      ) : (
        <>
          <dl className="figures figures-wide">
            <Figure
              label={t('estimate_coverage')}
              value={format.percent(estimate.coverage)}
              note={t('estimate_windows', { n: estimate.windows })}
            />
          </dl>
          <Chart
            chart={estimate.chart}
            title={textOr(modelTexts, t, `charts_${estimate.chart.id}`, t('charts_estimate'))}
          />
        </>
      )}
    </Panel>
  )
}

function BySize({ sizes }: { readonly sizes: ModelHealth['by_size'] }): ReactElement {
  const t = useText(modelTexts)
  const label = ({ capacity_min: min, capacity_max: max }: ModelHealth['by_size'][number]) => {
    if (min !== null && max !== null) return t('by_size_range', { min, max })
    if (min !== null) return t('by_size_from', { min })
    return max === null ? t('by_size_unknown') : t('by_size_to', { max })
  }
  return (
    <Split
      title={t('by_size_title')}
      note={t('by_size_lead')}
      part={t('by_size_size')}
      empty={t('by_size_none')}
      rows={sizes.map((size) => ({ key: size.group, label: label(size), figures: size.figures }))}
    />
  )
}
