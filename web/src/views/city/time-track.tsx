import type { ReactElement } from 'react'
import { cityTexts } from '../../text/city.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'

const STEP_SECONDS = 600

interface TimeTrackProps {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly gaps: readonly (readonly [number, number])[]
  /** The moment in words, for screen readers. */
  readonly words: string
  readonly onSlide: (moment: number) => void
}

/** The slider over a stretch of time, with the gaps of the data hatched in it. */
export function TimeTrack({ from, to, at, gaps, words, onSlide }: TimeTrackProps): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  const span = Math.max(1, to - from)
  const sameDay = span <= 86_400
  return (
    <div className="time-track">
      <output className="time-shown" aria-hidden="true">
        {words}
      </output>
      <div className="time-slider">
        <div className="time-gaps" aria-hidden="true">
          {gaps.map(([begin, end]) => (
            <span
              key={begin}
              style={{
                left: `${((begin - from) / span) * 100}%`,
                width: `${Math.max(0.2, ((end - begin) / span) * 100)}%`,
              }}
            />
          ))}
        </div>
        <input
          type="range"
          aria-label={t('timeSlider')}
          aria-valuetext={words}
          min={from}
          max={to}
          step={STEP_SECONDS}
          value={Math.max(from, Math.min(to, at))}
          onChange={(event) => {
            onSlide(Number(event.target.value))
          }}
        />
      </div>
      <div className="time-ends note">
        <span>{sameDay ? format.dateTime(from) : format.date(from)}</span>
        <span>{t('gaps', { count: gaps.length })}</span>
        <span>{sameDay ? format.dateTime(to) : format.date(to)}</span>
      </div>
    </div>
  )
}
