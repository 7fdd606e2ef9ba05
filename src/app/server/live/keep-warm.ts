import type { Stage } from '../../../core/contracts/api/common.ts'
import type { LiveEvent, LiveTopic } from '../../../core/contracts/api/live.ts'
import { dsOf } from '../../../core/time.ts'
import type { ShownCity } from '../city-source.ts'
import { measureLake } from '../read/lake-figures.ts'
import { closeReads } from '../read/read-cache.ts'
import { warmReads } from '../read/warm.ts'

const STAGES: readonly Stage[] = ['prod', 'staging']
/** What an answer shows only once it was learnt: expected shortages, cost and storage. */
const LEARNT: readonly LiveTopic[] = ['state', 'alarms']

/** Reads ahead, between requests, what will be asked for next. */
export interface Warmth {
  /** The lakes have changed: read them again, once what is being read is done. */
  again(): void
  /** Somebody looks at a past moment: its neighbours are next. */
  around(city: string, at: number, stage: Stage): void
  /** Waits for what is under way, and frees what the reads keep. */
  close(): Promise<void>
}

/** Begins with all cities at once. `announce` tells open pages of what was learnt. */
export function keepWarm(o: {
  readonly cities: readonly ShownCity[]
  readonly announce: (event: LiveEvent) => void
  /** Ends when there is time for it. */
  readonly pause: (signal: AbortSignal) => Promise<void>
}): Warmth {
  const learnt = new Set<string>()
  let wanted = true
  let past: { city: string; at: number; stage: Stage } | undefined
  const over = new AbortController()
  const pause = (): Promise<void> => o.pause(over.signal)
  let working: Promise<void> | undefined

  const work = async (): Promise<void> => {
    const moment = past
    past = undefined
    if (moment) await one(moment.city, (source) => warmReads(source, moment, pause))
    if (!wanted) return
    wanted = false
    for (const { name } of o.cities)
      await one(name, async (source) => {
        for (const stage of STAGES) if (!over.signal.aborted) await warmReads(source, { stage }, pause)
        await pause()
        if (!over.signal.aborted) await measureLake(source)
        const day = `${name} ${dsOf(source.now())}`
        if (over.signal.aborted || learnt.has(day)) return
        learnt.add(day)
        o.announce({ city: name, topics: [...LEARNT], now: source.now(), resync: false })
      })
  }
  const one = async (
    name: string,
    read: (source: Awaited<ReturnType<ShownCity['source']>>) => Promise<void>,
  ): Promise<void> => {
    const city = o.cities.find((shown) => shown.name === name)
    if (!city || over.signal.aborted) return
    try {
      await read(await city.source())
    } catch {
      // Whoever asks for it gets the same error, and can do something about it.
    }
  }
  const start = (): void => {
    if (over.signal.aborted) return
    working ??= work().finally(() => {
      working = undefined
      if (wanted || past) start()
    })
  }
  start()
  return {
    again() {
      wanted = true
      start()
    },
    around(city, at, stage) {
      past = { city, at, stage }
      start()
    },
    async close() {
      over.abort()
      await working
      for (const city of o.cities) await city.source().then(closeReads, () => {})
    },
  }
}
