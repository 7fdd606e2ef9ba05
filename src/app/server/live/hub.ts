import type { Writable } from 'node:stream'
import type { LiveEvent } from '../../../core/contracts/api/live.ts'
import type { Reporter } from '../../../core/report.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { ShownCity } from '../city-source.ts'
import { openRing } from './ring.ts'
import { watchCity } from './watch-city.ts'

const RING_SIZE = 500
/** A comment now and then, so that nothing in between takes the stream for dead. */
const HEARTBEAT_MS = 15_000
/** A client with more than this many bytes unread is let go: it comes back when it reads again. */
const MOST_UNREAD = 64 * 1024
/** A browser comes back so long after a stream broke. */
const RETRY_MS = 3000

export interface HubOptions {
  readonly cities: readonly ShownCity[]
  /** Names this run of the server. */
  readonly run: string
  readonly pollMs: number
  readonly report: Reporter
  /** Something changed: what is kept of answers is old. */
  readonly onChange: () => void
  readonly mostClients: number
}

/** What a client wants to hear. */
export interface Listener {
  /** Of one city alone; undefined of all. */
  readonly city: string | undefined
  /** `Last-Event-ID`: what came after it is sent first. */
  readonly lastId: string | undefined
  /** What it may hear; undefined for nothing. */
  readonly shown: (event: LiveEvent) => LiveEvent | undefined
  readonly now: EpochSeconds
}

/** Live updates: one watch a city while anybody listens, whoever they are. */
export interface Hub {
  /** Sends events to a response until it closes. False when there are as many as there may be. */
  listen(response: Writable, listener: Listener): boolean
  /** Looks at every city now: somebody changed something here. */
  poke(): Promise<void>
  /** Tells of something that no record shows. */
  announce(event: LiveEvent): void
  readonly clients: number
  close(): void
}

interface Client {
  readonly response: Writable
  readonly listener: Listener
}

export function openHub(o: HubOptions): Hub {
  const ring = openRing<LiveEvent>(o.run, RING_SIZE)
  const watches = o.cities.map((city) => watchCity(city, o.report))
  const clients = new Set<Client>()
  let poll: NodeJS.Timeout | undefined
  let beat: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined

  const announce = (event: LiveEvent): void => {
    o.onChange()
    const { seq } = ring.add(event)
    for (const client of clients) tell(client, event, ring.idOf(seq))
  }
  const look = (): Promise<void> =>
    (looking ??= (async () => {
      for (const watch of watches) {
        const event = await watch.look()
        if (!event) continue
        announce(event)
      }
    })().finally(() => (looking = undefined)))

  const tell = ({ response, listener }: Client, event: LiveEvent, id: string): void => {
    if (listener.city !== undefined && listener.city !== event.city) return
    const shown = listener.shown(event)
    if (shown) write(response, `id: ${id}\ndata: ${JSON.stringify(shown)}\n\n`)
  }

  const rest = (): void => {
    clearInterval(poll)
    clearInterval(beat)
    poll = undefined
    beat = undefined
  }

  return {
    listen(response, listener) {
      if (clients.size >= o.mostClients) return false
      const client = { response, listener }
      clients.add(client)
      response.on('close', () => {
        clients.delete(client)
        if (clients.size === 0) rest()
      })
      const missed = listener.lastId === undefined ? [] : ring.since(listener.lastId)
      // An id without data is no event: it is what a client that heard nothing yet goes on from.
      const known = missed === undefined || missed.length === 0 ? `id: ${ring.idOf(ring.newest)}\n` : ''
      write(response, `retry: ${RETRY_MS}\n${known}\n`)
      for (const { seq, event } of missed ?? []) tell(client, event, ring.idOf(seq))
      if (missed === undefined)
        for (const { name } of o.cities)
          tell(client, { city: name, topics: [], now: listener.now, resync: true }, ring.idOf(ring.newest))
      if (poll === undefined) {
        poll = setInterval(() => void look(), o.pollMs)
        beat = setInterval(() => {
          for (const one of clients) write(one.response, ': \n\n')
        }, HEARTBEAT_MS)
        // What changed while nobody listened is told to who came back.
        void look()
      }
      return true
    },
    async poke() {
      await looking
      await look()
    },
    announce,
    get clients() {
      return clients.size
    },
    close() {
      rest()
      for (const { response } of clients) response.end()
    },
  }
}

function write(response: Writable, text: string): void {
  if (response.destroyed || response.writableEnded) return
  if (response.writableLength > MOST_UNREAD) response.destroy()
  else response.write(text)
}
