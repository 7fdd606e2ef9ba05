import type { ReactElement } from 'react'
import type { Explanation, Reason, Why as WhyAnswer } from '../../../../src/core/contracts/explanation.ts'
import { useApi } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { stationTexts } from '../../text/station.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Panel } from '../../ui/panel.tsx'
import { partWords, whySentence, type Words } from './why-words.ts'

/** Why the model says what it says of a station: in a sentence, then by group with its share. */
export function Why({ city, station }: { readonly city: string; readonly station: string }): ReactElement {
  const t = useText(stationTexts)
  const [{ at, stage, target }] = useViewState()
  const query = useApi('why', { city, station_id: station }, { at, stage, target })
  const { error } = query
  return (
    <Panel title={t('why')} level={3}>
      {error !== null && (error.status === 401 || error.status === 403) ? (
        <p className="note">{t('needsSignIn')}</p>
      ) : error !== null && error.status === 404 ? (
        <p className="note">{t('outlookNone')}</p>
      ) : (
        <Async query={query} height={120}>
          {(explanation: Explanation) =>
            explanation.why === null ? (
              <p className="empty">{t('whyNone')}</p>
            ) : (
              <Reasons why={explanation.why} />
            )
          }
        </Async>
      )}
    </Panel>
  )
}

function Reasons({ why }: { readonly why: WhyAnswer }): ReactElement {
  const t = useText(stationTexts)
  const format = useFormat()
  const [{ lang }] = useViewState()
  const words: Words = { t, format, lang }
  const largest = Math.max(...why.reasons.map(({ contribution }) => Math.abs(contribution)), 1e-9)
  const base = 1 / (1 + Math.exp(-why.base))
  return (
    <>
      <p className="why-sentence">{whySentence(why.reasons, words)}</p>
      {!why.exact && <p className="note">{t('whyInexact', { score: format.number(why.score, 3) })}</p>}
      <p className="note">
        {t('whyIntro')} {t('whyBase', { base: format.score(base), score: format.score(why.score) })}
      </p>
      <ul className="reasons">
        {why.reasons.map((reason) => (
          <ReasonItem key={reason.group} reason={reason} largest={largest} words={words} />
        ))}
      </ul>
    </>
  )
}

interface ReasonItemProps {
  readonly reason: Reason
  readonly largest: number
  readonly words: Words
}

function ReasonItem({ reason, largest, words }: ReasonItemProps): ReactElement {
  const { t, format } = words
  const { group, contribution, parts, features } = reason
  const raises = contribution > 0
  const effect = Math.abs(contribution) < 0.005 ? t('neither') : raises ? t('raises') : t('lowers')
  const width = `${(Math.abs(contribution) / largest) * 50}%`
  return (
    <li className="reason">
      <div className="reason-head">
        <strong>{t(`group_${group}`)}</strong>
        <span>
          {format.signed(contribution, 2)} <span className="note">{effect}</span>
        </span>
      </div>
      <div className="reason-bar" aria-hidden="true">
        <span
          className={raises ? 'reason-up' : 'reason-down'}
          style={raises ? { left: '50%', width } : { right: '50%', width }}
        />
      </div>
      <p className="reason-words">{parts.map((part) => partWords(part, words)).join('; ')}</p>
      {features.length > 0 && (
        <details>
          <summary className="note">
            {t('features')}
            <span className="hidden">: {t(`group_${group}`)}</span>
          </summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('feature')}</th>
                <th scope="col" className="numeric">
                  {t('value')}
                </th>
                <th scope="col" className="numeric">
                  {t('contribution')}
                </th>
              </tr>
            </thead>
            <tbody>
              {features.map((feature) => (
                <tr key={feature.name}>
                  <th scope="row">
                    <code>{feature.name}</code>
                  </th>
                  <td className="numeric">{format.number(feature.value, 3)}</td>
                  <td className="numeric">{format.signed(feature.contribution, 3)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </li>
  )
}
