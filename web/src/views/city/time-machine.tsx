import { useState, type ReactElement } from 'react'
import type { Timeline } from '../../../../src/core/contracts/api/city.ts'
import { useApi } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { cityTexts } from '../../text/city.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { batchAt, gapsWithin, slideTo, RANGES, sliderWindow, stepFrom, type Range } from './time-steps.ts'
import { TimeTrack } from './time-track.tsx'
import { usePlayback } from './use-playback.ts'

interface TimeMachineProps {
  readonly city: string
  /** The state of the moment asked for is on the map. */
  readonly isShown: boolean
}

/** Goes back to any batch of the past, step by step or playing, and to the newest again. */
export function TimeMachine({ city, isShown }: TimeMachineProps): ReactElement {
  const t = useText(cityTexts)
  const [{ stage }] = useViewState()
  const query = useApi('timeline', { city }, { stage })
  return (
    <section className="time-machine panel" aria-label={t('timeTitle')}>
      <Async query={query} isEmpty={({ batches }) => batches.length === 0} empty={t('timeNone')} height={64}>
        {(timeline: Timeline) => <Controls city={city} timeline={timeline} isShown={isShown} />}
      </Async>
    </section>
  )
}

function Controls({
  city,
  timeline,
  isShown,
}: TimeMachineProps & { readonly timeline: Timeline }): ReactElement {
  const t = useText(cityTexts)
  const format = useFormat()
  const [{ at }, patch] = useViewState()
  const [range, setRange] = useState<Range>('day')
  const { batches, gaps } = timeline
  const { isPlaying, setPlaying, speed, setSpeed } = usePlayback(city, batches, isShown)
  const [from, to] = sliderWindow(batches, at, range)
  const shown = at ?? batches.at(-1) ?? to
  const visibleGaps = gapsWithin(gaps, [from, to])
  const go = (moment: number | null) => {
    setPlaying(false)
    patch({ at: moment }, { replace: at !== null && moment !== null })
  }
  const slide = (moment: number) => {
    const index = slideTo(batches, shown, moment)
    go(index >= batches.length - 1 ? null : (batches[index] ?? null))
  }
  const play = () => {
    // From the newest there is nothing to play: begin with the stretch that the slider shows.
    if (!isPlaying && at === null) patch({ at: batches[Math.max(0, batchAt(batches, from))] ?? null })
    setPlaying(!isPlaying)
  }
  const words =
    at === null
      ? `${format.dateTime(shown)} ${format.zone(shown)}, ${t('timeNow')}`
      : `${format.dateTime(at)} ${format.zone(at)}`
  return (
    <div className="time-controls">
      <div className="time-buttons">
        <Button
          aria-label={t('stepBack')}
          onClick={() => {
            go(stepFrom(batches, at, -1))
          }}
          disabled={batchAt(batches, shown) <= 0}
        >
          ‹
        </Button>
        <Button kind={isPlaying ? 'main' : 'plain'} onClick={play} disabled={batches.length < 2}>
          {isPlaying ? t('pause') : t('play')}
        </Button>
        <Button
          aria-label={t('stepForward')}
          onClick={() => {
            go(stepFrom(batches, at, 1))
          }}
          disabled={at === null}
        >
          ›
        </Button>
        <select
          className="select"
          aria-label={t('speed')}
          value={speed}
          onChange={(event) => {
            setSpeed(Number(event.target.value))
          }}
        >
          {[1, 2, 4, 8].map((times) => (
            <option key={times} value={times}>
              {t('speedTimes', { times })}
            </option>
          ))}
        </select>
      </div>
      <TimeTrack from={from} to={to} at={shown} gaps={visibleGaps} words={words} onSlide={slide} />
      <div className="time-buttons">
        <Choice<Range>
          label={t('range')}
          value={range}
          options={RANGES.map((value) => ({ value, label: t(`range_${value}`) }))}
          onChange={setRange}
        />
        <Button
          onClick={() => {
            go(null)
          }}
          disabled={at === null}
        >
          {t('backToLive')}
        </Button>
      </div>
    </div>
  )
}
