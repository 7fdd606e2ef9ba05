import { useId, type ReactElement } from 'react'
import { dataSource } from '../../api/source.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { changeMoments, momentAt, momentIndex } from './history-moments.ts'

/**
 * Goes back through every change of what serves. It moves the moment that the whole page shows, so that the other views show
 * the same one. A static snapshot holds one moment alone.
 */
export function AtSlider(): ReactElement | null {
  const t = useText(releasesTexts)
  const format = useFormat()
  const id = useId()
  const [{ at }, patch] = useViewState()
  // The whole history, whatever moment is shown.
  const { data } = useApi('releases', useCityParams(), { at: null })
  if (data === undefined || dataSource() === 'snapshot') return null
  const moments = changeMoments(data.history)
  if (moments.length === 0) return <p className="note">{t('at_none')}</p>
  const index = momentIndex(moments, at)
  const go = (next: number) => {
    patch({ at: momentAt(moments, Math.max(-1, Math.min(moments.length, next))) }, { replace: true })
  }
  const position =
    index < 0
      ? t('at_before')
      : index >= moments.length
        ? t('at_newest')
        : t('at_change', { n: index + 1, of: moments.length })
  const shown =
    at === null
      ? position
      : `${t('at_moment', { at: `${format.dateTime(at)} ${format.zone(at)}` })}, ${position}`
  return (
    <div className="at-slider">
      <label htmlFor={id}>{t('at_label')}</label>
      <Button
        onClick={() => {
          go(index - 1)
        }}
        disabled={index < 0}
        aria-label={t('at_earlier')}
      >
        ←
      </Button>
      <input
        id={id}
        type="range"
        min={-1}
        max={moments.length}
        step={1}
        value={index}
        aria-valuetext={shown}
        onChange={(event) => {
          go(Number(event.target.value))
        }}
      />
      <Button
        onClick={() => {
          go(index + 1)
        }}
        disabled={index >= moments.length}
        aria-label={t('at_later')}
      >
        →
      </Button>
      <output htmlFor={id}>{shown}</output>
      {at !== null && (
        <Button
          kind="quiet"
          onClick={() => {
            patch({ at: null })
          }}
        >
          {t('at_back')}
        </Button>
      )}
    </div>
  )
}
