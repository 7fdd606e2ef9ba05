import type { ReactElement } from 'react'
import type { PlanScore } from '../../../../src/core/contracts/plan.ts'
import { planTexts } from '../../text/plan.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Figure } from '../../ui/figure.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { useInterval } from './use-interval.ts'

/** How a plan turned out against what happened, and in the simulated city; what cannot be known says why. */
export function Score({ score }: { readonly score: PlanScore | null }): ReactElement {
  const t = useText(planTexts)
  const format = useFormat()
  const interval = useInterval()
  if (score === null)
    return (
      <Panel title={t('score_title')} level={3}>
        <p className="empty">{t('score_none')}</p>
      </Panel>
    )
  const { observed, simulated } = score
  const why = (reason: string | null) =>
    reason === null ? undefined : (
      <>
        {t('score_missing')} <Said>{reason}</Said>
      </>
    )
  const replayed = observed?.replayed_avoided ?? null
  return (
    <Panel title={t('score_title')} level={3} note={score.complete ? undefined : t('score_incomplete')}>
      <dl className="figures figures-wide">
        <Figure label={t('score_expected')} value={format.number(score.expected_avoided, 1)} />
        <Figure
          label={t('score_replayed')}
          value={format.number(replayed?.mean, 1)}
          missing={why(score.observed_missing_reason)}
          note={replayed === null ? undefined : interval(replayed)}
        />
        <Figure
          label={t('score_simulated')}
          value={format.number(simulated?.avoided.mean, 1)}
          missing={why(score.simulated_missing_reason)}
          note={
            simulated === null
              ? undefined
              : `${interval(simulated.avoided) ?? t('score_one_seed')}, ${t('score_of_seeds', { count: simulated.seeds.length })}`
          }
        />
        {observed !== null && (
          <Figure
            label={t('score_observed')}
            value={format.number(observed.empty_minutes + observed.full_minutes, 0)}
            note={t('score_observed_expected', {
              without: format.number(observed.expected_without_minutes, 0),
              with: format.number(observed.expected_with_minutes, 0),
            })}
          />
        )}
      </dl>
    </Panel>
  )
}
