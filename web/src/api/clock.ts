import { useSyncExternalStore } from 'react'
import type { AsOf } from '../../../src/core/contracts/api/common.ts'

/** What the lake's clock said, and when this browser heard it. */
interface Reading {
  readonly now: number
  readonly clock: AsOf['clock']
  readonly heardAt: number
}

const TICK_MS = 10_000
const listeners = new Set<() => void>()
let reading: Reading | undefined
let timer: ReturnType<typeof setInterval> | undefined

/** Takes the lake's time from an answer that has one: ages are counted by it, not by this computer's clock. */
export function syncClock(answer: unknown): void {
  const asOf = (answer as { as_of?: AsOf } | undefined)?.as_of
  if (asOf !== undefined) setClock(asOf.now, asOf.clock)
}

export function setClock(now: number, clock: AsOf['clock'] = reading?.clock ?? 'live'): void {
  reading = { now, clock, heardAt: Date.now() }
  for (const listener of listeners) listener()
}

/** Forgets it: another city has a clock of its own. */
export function forgetClock(): void {
  reading = undefined
}

function lakeNow(): number | null {
  if (reading === undefined) return null
  // A virtual clock stands still until the lake moves it.
  const passed =
    reading.clock === 'live' ? Math.floor((Date.now() - reading.heardAt) / TICK_MS) * (TICK_MS / 1000) : 0
  return reading.now + Math.max(0, passed)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The lake's time in epoch seconds, to ten seconds; null before any answer. */
export function useNow(): number | null {
  return useSyncExternalStore(subscribe, lakeNow)
}
