import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { apiQuery } from '../../api/queries.ts'
import { useViewState } from '../../state/view-state.ts'
import { stepFrom } from './time-steps.ts'

const AHEAD = 3

export interface Playback {
  readonly isPlaying: boolean
  readonly setPlaying: (playing: boolean) => void
  /** Batches a second. */
  readonly speed: number
  readonly setSpeed: (speed: number) => void
}

/** Plays the past batch by batch: a next one comes when the last is shown, and those after it are fetched ahead. */
export function usePlayback(city: string, batches: readonly number[], isShown: boolean): Playback {
  const client = useQueryClient()
  const [{ at, stage }, patch] = useViewState()
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(2)
  useEffect(() => {
    if (!isPlaying || !isShown) return undefined
    const timer = setTimeout(() => {
      const next = stepFrom(batches, at, 1)
      patch({ at: next }, { replace: true })
      if (next === null) setPlaying(false)
    }, 1000 / speed)
    return () => {
      clearTimeout(timer)
    }
  }, [isPlaying, isShown, speed, at, batches, patch])
  useEffect(() => {
    if (at === null && !isPlaying) return
    const steps = isPlaying ? Array.from({ length: AHEAD }, (_, index) => index + 1) : [1, -1]
    for (const by of steps) {
      const moment = stepFrom(batches, at, by)
      if (moment !== null) void client.prefetchQuery(apiQuery('state', { city }, { at: moment, stage }))
    }
  }, [client, city, batches, at, stage, isPlaying])
  return { isPlaying, setPlaying, speed, setSpeed }
}
