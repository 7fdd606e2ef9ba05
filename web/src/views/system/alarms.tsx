import type { ReactElement } from 'react'
import type { Alarm, SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ActionButton } from '../actions/action-button.tsx'
import { byUrgency } from './alarm-order.ts'
import { RunbookButton } from './runbook-button.tsx'

/** Every alarm, raised ones first: since when, when it is raised, what to do, and who silenced it. */
export function Alarms({ system }: { readonly system: SystemHealth }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const columns: readonly Column<Alarm>[] = [
    { key: 'state', header: t('alarms_state'), cell: (alarm) => <AlarmState alarm={alarm} /> },
    {
      key: 'name',
      header: t('alarms_name'),
      rowHeader: true,
      sortValue: ({ name }) => name,
      cell: ({ name, severity }) => (
        <>
          <code>{name}</code> <span className="note">{t(`alarms_severities_${severity}`)}</span>
        </>
      ),
    },
    {
      key: 'since',
      header: t('alarms_since'),
      sortValue: ({ since }) => since,
      cell: ({ since }) => <TimeAgo at={since} />,
    },
    {
      key: 'condition',
      header: t('alarms_condition'),
      cell: ({ condition, reason, state }) => (
        <>
          <Said>{condition}</Said>
          {state !== 'OK' && reason !== '' && (
            <span className="note block">
              <Said>{reason}</Said>
            </span>
          )}
        </>
      ),
    },
    {
      key: 'what',
      header: t('alarms_runbook'),
      cell: ({ name, runbook }) => (runbook === null ? '–' : <RunbookButton anchor={runbook} about={name} />),
    },
    {
      key: 'silence',
      header: t('alarms_silence'),
      cell: ({ name, silence }) => (
        <>
          {silence !== null && (
            <span className="block">
              <Badge tone="neutral">{t('alarms_is_silenced')}</Badge>{' '}
              <span className="note">
                {t('alarms_silenced', { by: silence.by, until: format.dateTime(silence.until) })}
                {': '}
                <Said>{silence.why}</Said>
              </span>
            </span>
          )}
          <ActionButton start={{ action: 'silence', alarm: name }} asOf={system.as_of} about={name} short />
        </>
      ),
    },
  ]
  const sorted = byUrgency(system.alarms)
  const needsLook = ({ state, silence }: Alarm) => state !== 'OK' || silence !== null
  const [look, ok] = [sorted.filter(needsLook), sorted.filter((alarm) => !needsLook(alarm))]
  const table = (rows: readonly Alarm[], empty: string) => (
    <DataTable
      caption={t('alarms_title')}
      hideCaption
      rows={rows}
      rowKey={({ name }) => name}
      columns={columns}
      empty={empty}
    />
  )
  return (
    <Panel title={t('alarms_title')} className="alarms">
      {table(look, sorted.length === 0 ? t('alarms_none') : t('alarms_none_raised'))}
      {ok.length > 0 && (
        <details>
          <summary>{t('alarms_ok', { count: ok.length })}</summary>
          {table(ok, '')}
        </details>
      )}
    </Panel>
  )
}

const STATE_TONES: Readonly<Record<Alarm['state'], Tone>> = {
  OK: 'good',
  ALARM: 'bad',
  INSUFFICIENT_DATA: 'neutral',
}

function AlarmState({ alarm }: { readonly alarm: Alarm }): ReactElement {
  const t = useText(systemTexts)
  const tone = alarm.state === 'ALARM' && alarm.severity === 'warn' ? 'warn' : STATE_TONES[alarm.state]
  return <Badge tone={tone}>{t(`alarms_states_${alarm.state}`)}</Badge>
}

/** When alarms changed their states, newest first. */
export function AlarmHistory({ history }: { readonly history: SystemHealth['alarm_history'] }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const state = (name: string | null) =>
    name === 'OK' || name === 'ALARM' || name === 'INSUFFICIENT_DATA' ? t(`alarms_states_${name}`) : '–'
  return (
    <Panel title={t('alarms_history')}>
      <DataTable
        caption={t('alarms_history')}
        hideCaption
        rows={history}
        rowKey={({ at, name, to }) => `${at} ${name} ${to}`}
        pageSize={10}
        empty={t('alarms_history_none')}
        columns={[
          {
            key: 'at',
            header: t('alarms_at'),
            rowHeader: true,
            sortValue: ({ at }) => at,
            cell: ({ at }) => <span className="nowrap">{format.dateTime(at)}</span>,
          },
          {
            key: 'name',
            header: t('alarms_name'),
            sortValue: ({ name }) => name,
            cell: ({ name }) => <code>{name}</code>,
          },
          {
            key: 'change',
            header: t('alarms_change'),
            cell: ({ from, to }) => (
              <span className="nowrap">
                {state(from)} → {state(to)}
              </span>
            ),
          },
          { key: 'reason', header: t('alarms_reason'), cell: ({ reason }) => <Said>{reason}</Said> },
        ]}
      />
    </Panel>
  )
}
