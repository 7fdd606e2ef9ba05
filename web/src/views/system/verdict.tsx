import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Said } from '../../ui/said.tsx'

/** The view in a line: all is well, or what is not. */
export function Verdict({ system }: { readonly system: SystemHealth }): ReactElement {
  const t = useText(systemTexts)
  const raised = system.alarms.filter(({ state }) => state === 'ALARM')
  const critical = raised.some(({ severity }) => severity === 'crit')
  const well = system.late.length === 0 && raised.length === 0
  const tone = well ? 'good' : critical || system.late.length > 0 ? 'bad' : 'warn'
  return (
    <section className={`verdict verdict-${tone}`} aria-label={t('verdict_label')}>
      <p className="verdict-line">
        <Badge tone={tone}>{headline(system.late.length, raised.length, t)}</Badge>
        {well && <span>{t('verdict_well_detail')}</span>}
        {system.late.length > 0 && raised.length > 0 && (
          <span>{t('verdict_alarms', { count: raised.length })}</span>
        )}
      </p>
      {system.late.length > 0 && (
        <ul>
          {system.late.map((what) => (
            <li key={what}>
              <Said>{what}</Said>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function headline(
  late: number,
  raised: number,
  t: ReturnType<typeof useText<(typeof systemTexts)['en']>>,
): string {
  if (late > 0) return t('verdict_late', { count: late })
  return raised > 0 ? t('verdict_alarms', { count: raised }) : t('verdict_well')
}
