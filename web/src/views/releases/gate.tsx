import type { ReactElement } from 'react'
import type { GateView } from '../../../../src/core/contracts/api/releases.ts'
import type { Condition, GateResult } from '../../../../src/core/contracts/gate.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { ActionButton } from '../actions/action-button.tsx'

/** May what staging serves go live: every condition with what was found. It takes a while, so it loads on its own. */
export function Gate(): ReactElement {
  const t = useText(releasesTexts)
  const [{ at }] = useViewState()
  const query = useApi('gate', useCityParams(), { at, stage: 'staging' })
  const endpoints = query.data?.results.map(({ endpoint }) => endpoint) ?? []
  return (
    <Panel
      title={t('gate_title')}
      actions={
        query.data !== undefined &&
        endpoints.length > 0 && (
          <ActionButton start={{ action: 'waive', endpoints }} asOf={query.data.as_of} />
        )
      }
    >
      <Async
        query={query}
        height={260}
        isEmpty={(gate: GateView) => gate.results.length === 0}
        empty={t('gate_none')}
      >
        {(gate) => (
          <div className="panels">
            {gate.results.map((result) => (
              <Result key={result.endpoint} result={result} />
            ))}
          </div>
        )}
      </Async>
    </Panel>
  )
}

const TONES: Readonly<Record<Condition['verdict'], Tone>> = { pass: 'good', fail: 'bad', waived: 'warn' }

function Result({ result }: { readonly result: GateResult }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const open = result.verdict === 'pass'
  return (
    <div className="gate-result">
      <h3>
        {result.endpoint} <Badge tone={open ? 'good' : 'bad'}>{open ? t('gate_open') : t('gate_shut')}</Badge>
      </h3>
      <p className="note">
        {t('gate_lead', { at: `${format.dateTime(result.at)} ${format.zone(result.at)}` })}
        {result.model_version !== null &&
          ` ${t('gate_serves', { version: result.model_version, since: format.dateTime(result.serving_since) })}`}
      </p>
      <DataTable
        caption={`${t('gate_title')}, ${result.endpoint}`}
        hideCaption
        rows={result.conditions}
        rowKey={({ name }) => name}
        columns={[
          {
            key: 'condition',
            header: t('gate_condition'),
            rowHeader: true,
            cell: ({ name, detail }) => (
              <>
                {name}
                <span className="note block">
                  <Said>{detail}</Said>
                </span>
              </>
            ),
          },
          {
            key: 'value',
            header: t('gate_value'),
            numeric: true,
            cell: ({ value, unit }) => format.unit(value, unit),
          },
          {
            key: 'threshold',
            header: t('gate_threshold'),
            cell: ({ threshold }) => <span className="nowrap">{threshold}</span>,
          },
          {
            key: 'verdict',
            header: t('gate_verdict'),
            cell: ({ verdict }) => <Badge tone={TONES[verdict]}>{t(`gate_verdicts_${verdict}`)}</Badge>,
          },
        ]}
      />
    </div>
  )
}
