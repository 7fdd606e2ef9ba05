import type { ReactElement, ReactNode } from 'react'
import type { Incident } from '../../../../src/core/contracts/incident.ts'
import { incidentTexts } from '../../text/incident.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { RunbookButton } from '../system/runbook-button.tsx'

/** What an incident is about, and how it ended. */
export function Facts({ incident }: { readonly incident: Incident }): ReactElement {
  const t = useText(incidentTexts)
  const words = useText(releasesTexts)
  const format = useFormat()
  const { closed, alarm, release_id } = incident
  return (
    <Panel title={t('facts_title')}>
      <dl className="facts">
        <Fact label={t('facts_kind')}>{words(`incidents_kinds_${incident.kind}`)}</Fact>
        <Fact label={t('facts_endpoint')}>
          <Name>{incident.endpoint}</Name>
        </Fact>
        <Fact label={t('facts_began')}>
          {format.dateTime(incident.began)} {format.zone(incident.began)}
        </Fact>
        <Fact label={t('facts_opened')}>
          {t('facts_closed_by', { by: incident.by, at: format.dateTime(incident.opened_at) })}
        </Fact>
        <Fact label={t('facts_why')}>
          <Said>{incident.why === '' ? '–' : incident.why}</Said>
        </Fact>
        {release_id !== null && (
          <Fact label={t('facts_release')}>
            <code>{release_id}</code>
          </Fact>
        )}
        {alarm !== null && (
          <Fact label={t('facts_alarm')}>
            <code>{alarm}</code> <RunbookButton anchor={alarm} about={alarm} />
          </Fact>
        )}
        {closed !== null && (
          <>
            <Fact label={t('facts_closed')}>
              {t('facts_closed_by', { by: closed.by, at: format.dateTime(closed.at) })}
            </Fact>
            <Fact label={t('facts_cause')}>
              <Name>{closed.cause}</Name>
            </Fact>
          </>
        )}
      </dl>
    </Panel>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
