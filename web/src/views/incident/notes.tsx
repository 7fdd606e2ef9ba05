import type { ReactElement } from 'react'
import type { Incident } from '../../../../src/core/contracts/incident.ts'
import { incidentTexts } from '../../text/incident.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What people noted, oldest first. */
export function Notes({ notes }: { readonly notes: Incident['notes'] }): ReactElement {
  const t = useText(incidentTexts)
  const format = useFormat()
  return (
    <Panel title={t('notes_title')}>
      {notes.length === 0 ? (
        <p className="empty">{t('notes_none')}</p>
      ) : (
        <ul className="notes">
          {notes.map(({ at, by, text }) => (
            <li key={`${at} ${by} ${text}`}>
              <p className="note">
                <Name>{by}</Name>, {format.dateTime(at)}
              </p>
              <p className="note-text">
                <Name>{text}</Name>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
