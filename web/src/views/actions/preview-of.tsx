import type { ReactElement } from 'react'
import type { ActionPreview } from '../../../../src/core/contracts/api/releases.ts'
import { actionsTexts } from '../../text/actions.ts'
import { useText } from '../../text/use-text.ts'
import { Command } from '../../ui/command.tsx'
import { Said } from '../../ui/said.tsx'

/** What would change, line by line, why it would be refused, and the same by the command line. */
export function PreviewOf({ preview }: { readonly preview: ActionPreview }): ReactElement {
  const t = useText(actionsTexts)
  return (
    <div className="preview">
      {preview.refused !== null && (
        <p className="refusal" role="alert">
          <strong>{t('refused')}:</strong> <Said>{preview.refused}</Said>
        </p>
      )}
      <h3>{t('changes')}</h3>
      {preview.changes.length === 0 ? (
        <p className="empty">{t('changes_none')}</p>
      ) : (
        <ul className="changes">
          {preview.changes.map((change) => (
            <li key={change}>
              <Said>{change}</Said>
            </li>
          ))}
        </ul>
      )}
      <Command title={t('command')} command={preview.command} />
    </div>
  )
}
