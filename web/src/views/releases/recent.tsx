import type { ReactElement } from 'react'
import type { Release } from '../../../../src/core/contracts/release.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Lines } from '../../ui/lines.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { PHASE_TONES, servedWords, strategyWords } from './release-words.ts'

/** Releases that have ended, newest first, with what became of them and why. */
export function Recent({ recent }: { readonly recent: readonly Release[] }): ReactElement {
  const t = useText(releasesTexts)
  return (
    <Panel title={t('recent_title')}>
      {recent.length === 0 ? (
        <p className="empty">{t('recent_none')}</p>
      ) : (
        <ul className="cards">
          {recent.map((release) => (
            <li key={release.id} className="card">
              <Ended release={release} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Ended({ release }: { readonly release: Release }): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const asked = release.timeline[0]?.at ?? release.since
  return (
    <>
      <div className="card-head">
        <h3>
          {t(`kinds_${release.kind}`)}, {format.dateTime(asked)}
        </h3>
        <Badge tone={PHASE_TONES[release.phase]}>{t(`phases_${release.phase}`)}</Badge>
      </div>
      <p className="note">
        {strategyWords(release.strategy, t, format)} · {t('recent_by')} <Name>{release.by}</Name>
      </p>
      <ul className="plain-list">
        {release.endpoints.map(({ endpoint, from, candidate }) => (
          <li key={endpoint}>
            <Name>{endpoint}</Name>: <Name>{servedWords(from, format) ?? t('serving_nothing')}</Name> →{' '}
            <Name>{candidate.model_version}</Name>
          </li>
        ))}
      </ul>
      {release.why !== '' && (
        <p>
          {t('recent_why')}: <Name>{release.why}</Name>
        </p>
      )}
      {release.reason !== null && (
        <p>
          {t('recent_reason')}: <Said>{release.reason}</Said>
        </p>
      )}
      <details>
        <summary>{t('recent_timeline', { count: release.timeline.length })}</summary>
        <Lines lines={release.timeline} label={t('active_timeline')} />
      </details>
    </>
  )
}
