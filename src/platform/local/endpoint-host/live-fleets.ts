import { messageOf } from '../../../core/errors.ts'
import { InvokeError } from '../../ports.ts'
import type { HostState } from './host-state.ts'
import type { LoadedModels } from './loaded-models.ts'
import { loadFleet, type LoadedFleet } from './serving-fleet.ts'
import type { Transitions } from './transition.ts'

/** What each endpoint serves now, in memory, following the state in the store whoever changes it. */
export interface LiveFleets {
  /** The fleet in memory when it was looked at a moment ago; the way of almost every request. */
  known(endpoint: string): LoadedFleet | undefined
  /** Looks at the state and loads what is new. Rejects with InvokeError for an endpoint that is not there or not in service. */
  current(endpoint: string): Promise<LoadedFleet>
  /** The next request looks at the state again. */
  changed(endpoint: string): void
  close(): void
}

interface LiveParts {
  readonly state: HostState
  readonly models: LoadedModels
  readonly transitions: Transitions
  /** How long a look at the state is good for, in milliseconds. */
  readonly refreshMs: number
}

interface Live {
  readonly tag: string
  fresh: boolean
  fleet: LoadedFleet
}

interface Look {
  readonly since: number
  readonly fleet: Promise<LoadedFleet>
}

export function openLiveFleets(parts: LiveParts): LiveFleets {
  const { state, models, transitions, refreshMs } = parts
  const live = new Map<string, Live>()
  const looking = new Map<string, Look>()
  // A look that began before a change must not pass for one after it.
  let changes = 0

  const drop = (endpoint: string): void => {
    live.get(endpoint)?.fleet.retire()
    live.delete(endpoint)
  }
  const markFresh = (entry: Live, since: number): void => {
    entry.fresh = refreshMs > 0 && since === changes
    if (entry.fresh) setTimeout(() => (entry.fresh = false), refreshMs).unref()
  }

  const look = async (endpoint: string, since: number): Promise<LoadedFleet> => {
    // The tag is read before the record: when that changes in between, the next look sees another tag.
    const tag = await state.tag('endpoints', endpoint)
    const entry = live.get(endpoint)
    if (entry && entry.tag === tag) {
      markFresh(entry, since)
      return entry.fleet
    }
    const record = tag === undefined ? undefined : await state.read('endpoints', endpoint)
    if (tag === undefined || !record) {
      drop(endpoint)
      throw new InvokeError('ValidationError', `Endpoint ${endpoint} of account 000000000000 not found.`)
    }
    const { Serving, Status, Pending, FailureReason } = record.value
    if (Pending) transitions.advance(endpoint)
    if (!Serving) {
      drop(endpoint)
      throw new InvokeError(
        'ValidationError',
        `Endpoint ${endpoint} is not in service: it is ${Status}${FailureReason ? `, ${FailureReason}` : ''}.`,
      )
    }
    let fleet: LoadedFleet
    try {
      fleet = await loadFleet(models, Serving)
    } catch (error) {
      throw new InvokeError(
        'ServiceUnavailable',
        `Endpoint ${endpoint} cannot load its model here: ${messageOf(error)}`,
      )
    }
    drop(endpoint)
    const loaded: Live = { tag, fresh: false, fleet }
    live.set(endpoint, loaded)
    markFresh(loaded, since)
    return fleet
  }

  return {
    known(endpoint) {
      const entry = live.get(endpoint)
      return entry?.fresh ? entry.fleet : undefined
    },
    current(endpoint) {
      const earlier = looking.get(endpoint)
      if (earlier?.since === changes) return earlier.fleet
      const since = changes
      const next: Look = {
        since,
        fleet: (earlier ? earlier.fleet.catch(() => {}) : Promise.resolve())
          .then(() => look(endpoint, since))
          .finally(() => {
            if (looking.get(endpoint) === next) looking.delete(endpoint)
          }),
      }
      looking.set(endpoint, next)
      return next.fleet
    },
    changed(endpoint) {
      changes++
      const entry = live.get(endpoint)
      if (entry) entry.fresh = false
    },
    close() {
      for (const endpoint of live.keys()) drop(endpoint)
    },
  }
}
