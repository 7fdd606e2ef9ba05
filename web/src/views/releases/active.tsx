import type { ReactElement } from 'react'
import type { Releases } from '../../../../src/core/contracts/api/releases.ts'
import type { Release } from '../../../../src/core/contracts/release.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Figure } from '../../ui/figure.tsx'
import { Lines } from '../../ui/lines.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { ActionButton } from '../actions/action-button.tsx'
import { Evidence } from './evidence.tsx'
import { PHASE_TONES, servedWords, stepCount, strategyWords } from './release-words.ts'

/** The release that is under way, what was found of its candidate so far, and what happened. */
export function Active({ releases }: { readonly releases: Releases }): ReactElement {
  const t = useText(releasesTexts)
  const { active } = releases
  return (
    <Panel
      title={t('active_title')}
      className={active === null ? '' : 'panel-active'}
      actions={
        active?.strategy.type === 'ab' && <ActionButton start={{ action: 'ramp' }} asOf={releases.as_of} />
      }
    >
      {active === null ? (
        <p className="empty">{t('active_none')}</p>
      ) : (
        <UnderWay active={active} analysis={releases.analysis} />
      )}
    </Panel>
  )
}

interface UnderWayProps {
  readonly active: Release
  readonly analysis: Releases['analysis']
}

function UnderWay({ active, analysis }: UnderWayProps): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const asked = active.timeline[0]?.at ?? active.since
  return (
    <>
      <p>
        <Badge tone={PHASE_TONES[active.phase]}>{t(`phases_${active.phase}`)}</Badge>{' '}
        <strong>{t(`kinds_${active.kind}`)}</strong>,{' '}
        {t('active_by', { who: active.by, when: format.dateTime(asked) })}
        {', '}
        {t('active_step', { step: active.step + 1, of: stepCount(active.strategy) })},{' '}
        {t('active_since', { when: format.dateTime(active.since) })}
      </p>
      <p className="note">{strategyWords(active.strategy, t, format)}</p>
      {active.why !== '' && (
        <p>
          {t('recent_why')}: <Name>{active.why}</Name>
        </p>
      )}
      {active.reason !== null && (
        <p className="refusal">
          {t('recent_reason')}: <Said>{active.reason}</Said>
        </p>
      )}
      {active.endpoints.map(({ endpoint, from, candidate }) => {
        const found = analysis.filter((each) => each.endpoint === endpoint)
        return (
          <section key={endpoint} className="active-endpoint" aria-label={endpoint}>
            <h3>
              <Name>{endpoint}</Name>
            </h3>
            <p className="note">
              <Name>{servedWords(from, format) ?? t('serving_nothing')}</Name> →{' '}
              <Name>{candidate.model_version}</Name>
            </p>
            {found.map((each) => (
              <Finding key={each.variant} found={each} />
            ))}
          </section>
        )
      })}
      {active.alarms.length > 0 && (
        <p className="note">
          {t('active_alarms')}: {active.alarms.join(', ')}
        </p>
      )}
      <h3>{t('active_timeline')}</h3>
      <Lines lines={active.timeline} label={t('active_timeline')} />
    </>
  )
}

function Finding({ found }: { readonly found: Releases['analysis'][number] }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  return (
    <>
      <dl className="figures">
        <Figure label={`${t('active_share')} (${found.variant})`} value={format.percent(found.share)} />
        <Figure label={t('active_samples')} value={format.number(found.samples)} />
        <Figure
          label={t('active_invalid')}
          value={format.number(found.invalid)}
          {...(found.invalid > 0 ? { tone: 'bad' } : {})}
        />
      </dl>
      <Evidence evidence={found.evidence} bound={found.evidence_bound} />
      <p>
        {t('active_says')}: <Said>{found.says}</Said>
      </p>
    </>
  )
}
