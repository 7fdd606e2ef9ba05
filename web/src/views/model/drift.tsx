import type { ReactElement } from 'react'
import type { ModelHealth } from '../../../../src/core/contracts/api/model.ts'
import { modelTexts } from '../../text/model.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { byDrift, driftAxisEnd, driftLevel, PSI_MARKS, type DriftLevel } from './drift-level.ts'

type Known = NonNullable<ModelHealth['drift']>
const TONES: Readonly<Record<DriftLevel, Tone>> = {
  quiet: 'good',
  look: 'info',
  warn: 'warn',
  crit: 'bad',
  missing: 'neutral',
}

/** What the endpoint receives against what the model was trained on: by feature, and the stations that moved most. */
export function Drift({ drift }: { readonly drift: ModelHealth['drift'] }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  if (drift === null)
    return (
      <Panel title={t('drift_title')}>
        <p className="empty">{t('drift_none')}</p>
      </Panel>
    )
  const level = driftLevel(drift.psi)
  return (
    <Panel
      title={t('drift_title')}
      note={t('drift_lead', {
        at: `${format.dateTime(drift.at)} ${format.zone(drift.at)}`,
        samples: drift.samples,
      })}
    >
      <dl className="figures figures-wide">
        <Figure
          label={t('drift_psi')}
          value={format.number(drift.psi, 3)}
          tone={TONES[level]}
          missing={drift.note === null ? undefined : <Said>{drift.note}</Said>}
          note={t(`drift_level_${level}`)}
        />
        <Figure
          label={t('drift_skew')}
          value={format.percent(drift.feature_skew, 2)}
          note={t('drift_skew_help')}
        />
        <Figure
          label={t('drift_weather')}
          value={format.number(drift.weather_faults)}
          note={t('drift_weather_help')}
        />
        <Figure
          label={t('drift_frozen')}
          value={format.percent(drift.frozen_stations, 1)}
          note={t('drift_frozen_help')}
        />
      </dl>
      {drift.note !== null && drift.psi !== null && (
        <p className="note">
          <Said>{drift.note}</Said>
        </p>
      )}
      <div className="side-by-side">
        <Bars features={drift.features} />
        <div>
          <h3>{t('drift_stations')}</h3>
          {drift.stations.length > 0 && <p className="note">{t('drift_stations_note')}</p>}
          <DataTable
            caption={t('drift_stations')}
            hideCaption
            rows={drift.stations}
            rowKey={({ station_id, feature }) => `${station_id} ${feature}`}
            pageSize={10}
            empty={t('drift_stations_none')}
            columns={[
              {
                key: 'station',
                header: t('drift_station'),
                rowHeader: true,
                sortValue: ({ name }) => name,
                cell: ({ station_id, name }) => (
                  <ViewLink to={{ tab: 'city', station: station_id }}>
                    <Name>{name}</Name>
                  </ViewLink>
                ),
              },
              {
                key: 'feature',
                header: t('drift_feature'),
                sortValue: ({ feature }) => feature,
                cell: ({ feature, baseline, window }) => (
                  <>
                    <code>{feature}</code>
                    <span className="note block">
                      {format.number(baseline, 2)} → {format.number(window, 2)}
                    </span>
                  </>
                ),
              },
              {
                key: 'shift',
                header: t('drift_moved'),
                numeric: true,
                sortValue: ({ shift }) => Math.abs(shift),
                cell: ({ shift }) => t('drift_deviations', { shift: format.signed(shift, 1) }),
              },
            ]}
          />
        </div>
      </div>
      <p className="note">{t('drift_small')}</p>
    </Panel>
  )
}

function Bars({ features }: { readonly features: Known['features'] }): ReactElement {
  const t = useText(modelTexts)
  const format = useFormat()
  const sorted = byDrift(features)
  const end = driftAxisEnd(features.map(({ psi }) => psi))
  const at = (value: number) => `${Math.min(100, (100 * value) / end)}%`
  return (
    <div>
      <p className="note">{t('drift_bars')}</p>
      <table className="drift-bars">
        <caption className="hidden">{t('drift_bars')}</caption>
        <thead className="hidden">
          <tr>
            <th scope="col">{t('drift_feature')}</th>
            <th scope="col">{t('drift_value')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ name, psi }) => {
            const level = driftLevel(psi)
            return (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <span className="drift-track" aria-hidden="true">
                    <span className={`drift-bar drift-${level}`} style={{ inlineSize: at(psi ?? 0) }} />
                    {PSI_MARKS.map((mark) => (
                      <span
                        key={mark.level}
                        className={`drift-mark drift-mark-${mark.level}`}
                        style={{ insetInlineStart: at(mark.value) }}
                      />
                    ))}
                  </span>
                  <span className="drift-value">
                    {format.number(psi, 3)}
                    {level === 'quiet' ? '' : ' '}
                    {level !== 'quiet' && <Badge tone={TONES[level]}>{t(`drift_level_${level}`)}</Badge>}
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
