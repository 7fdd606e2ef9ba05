import type { ReactElement } from 'react'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { evidenceShare } from './evidence-share.ts'

interface EvidenceProps {
  /** Odds against the candidate, `evidence` to 1; null when there is nothing to compare. */
  readonly evidence: number | null
  /** From where it is taken back. */
  readonly bound: number | null
}

/** How strongly what happened speaks against a candidate, on the way to the bound. */
export function Evidence({ evidence, bound }: EvidenceProps): ReactElement {
  const t = useText(releasesTexts)
  const format = useFormat()
  const share = evidenceShare(evidence, bound)
  const words =
    evidence === null || bound === null
      ? t('active_evidence_none')
      : t('active_evidence_of', { evidence: format.number(evidence, 1), bound: format.number(bound, 0) })
  return (
    <div className="evidence">
      <span>
        {t('active_evidence')}: {words}
      </span>
      {share !== null && (
        <span className="evidence-track" aria-hidden="true">
          <span
            className={share >= 1 ? 'evidence-bar evidence-over' : 'evidence-bar'}
            style={{ inlineSize: `${Math.round(100 * Math.min(1, share))}%` }}
          />
        </span>
      )}
    </div>
  )
}
