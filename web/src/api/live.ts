import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { LiveEvent, LiveTopic } from '../../../src/core/contracts/api/live.ts'
import { setClock } from './clock.ts'
import type { ApiKey } from './queries.ts'
import type { RouteName } from './routes.ts'
import { dataSource } from './source.ts'

/** `off`: a snapshot, which has no live events. */
export type Connection = 'connecting' | 'open' | 'lost' | 'off'

/** Which answers a topic makes old. */
const TOPIC_ROUTES: Readonly<Record<LiveTopic, readonly RouteName[] | 'all'>> = {
  state: ['state', 'top', 'station', 'why', 'timeline', 'stations', 'system'],
  quality: ['model', 'gate', 'releases', 'top', 'station'],
  alarms: ['system', 'releases'],
  releases: ['releases', 'gate', 'model', 'cities', 'system', 'incident'],
  incidents: ['releases', 'incident', 'system'],
  plans: ['plans', 'plan', 'constraints'],
  clock: 'all',
}

const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000]
const WATCH_MS = 15_000
/** So long between two ticks of a timer, and this computer slept. */
const SLEPT_MS = 60_000

const listeners = new Set<() => void>()
let connection: Connection = 'connecting'

function setConnection(next: Connection): void {
  if (next === connection) return
  connection = next
  for (const listener of listeners) listener()
}

/** How the page stands to its server. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => connection,
  )
}

/** True for an answer that an event makes old: of its city and topic, and of the newest moment. */
export function isMadeOld(key: ApiKey, event: LiveEvent): boolean {
  const [name, params, query] = key
  if (params['city'] !== undefined && params['city'] !== event.city) return false
  if (typeof query['at'] === 'number' && !event.resync) return false
  return (
    event.resync ||
    event.topics.some((topic) => TOPIC_ROUTES[topic] === 'all' || TOPIC_ROUTES[topic].includes(name))
  )
}

/** Listens to a city's events while mounted, and asks again for what they name. */
export function useLive(city: string | null): void {
  const client = useQueryClient()
  useEffect(() => (city === null ? undefined : listen(client, city)), [client, city])
}

function listen(client: QueryClient, city: string): () => void {
  if (dataSource() === 'snapshot') {
    setConnection('off')
    return () => undefined
  }
  let source: EventSource | undefined
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let lastTick = Date.now()
  const askAgain = () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })

  const hear = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as LiveEvent
    setClock(event.now)
    void client.invalidateQueries({
      predicate: ({ queryKey }) => isMadeOld(queryKey as unknown as ApiKey, event),
    })
  }
  const open = () => {
    clearTimeout(retry)
    source?.close()
    source = new EventSource(`api/live?city=${encodeURIComponent(city)}`)
    source.addEventListener('open', () => {
      // What came while nobody listened is not known, unless the server resumes; to ask again costs a 304.
      if (failures > 0) void askAgain()
      failures = 0
      setConnection('open')
    })
    source.addEventListener('message', hear)
    source.addEventListener('live', hear)
    source.addEventListener('error', () => {
      failures += 1
      setConnection('lost')
      // The browser tries again by itself (with Last-Event-ID), except after an answer that is no stream.
      if (source?.readyState === EventSource.CLOSED)
        retry = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length) - 1])
    })
  }
  const wake = () => {
    failures = Math.max(failures, 1)
    open()
    void askAgain()
  }
  const tick = () => {
    const slept = Date.now() - lastTick > SLEPT_MS + WATCH_MS
    lastTick = Date.now()
    if (slept) wake()
  }
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) wake()
  }
  const gone = () => {
    setConnection('lost')
  }

  setConnection('connecting')
  open()
  const watch = setInterval(tick, WATCH_MS)
  document.addEventListener('visibilitychange', tick)
  window.addEventListener('online', wake)
  window.addEventListener('offline', gone)
  window.addEventListener('pageshow', shown)
  return () => {
    clearTimeout(retry)
    clearInterval(watch)
    source?.close()
    document.removeEventListener('visibilitychange', tick)
    window.removeEventListener('online', wake)
    window.removeEventListener('offline', gone)
    window.removeEventListener('pageshow', shown)
  }
}
