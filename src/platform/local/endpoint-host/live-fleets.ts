import { messageOf } from '../../../core/errors.ts'
import { InvokeError } from '../../ports.ts'
import type { EndpointRecord, Fleet, HostState } from './host-state.ts'
import type { LoadedModels } from './loaded-models.ts'
import type { Clock } from '../../../core/time.ts'
import { rolloutAt } from './rollout.ts'
import { loadFleet, sharedFleet, type LoadedFleet } from './serving-fleet.ts'
import type { Transitions } from './transition.ts'

/** What each endpoint serves now, in memory, following the state in the store whoever changes it. */
export interface LiveFleets {
  /** The fleet in memory when it was looked at a moment ago; the way of almost every request. */
  known(endpoint: string): LoadedFleet | undefined
  /** Looks at the state and loads what is new. Rejects with InvokeError for an endpoint that is not there or not in service. */
  current(endpoint: string): Promise<LoadedFleet>
  /**
   * Variants that the endpoint had in service at the last look, whether they could be loaded or not; none of one that was
   * never there.
   */
  variantsOf(endpoint: string): readonly ServingVariant[]
  /** The next request looks at the state again. */
  changed(endpoint: string): void
  close(): void
}

/** A variant that takes traffic. */
export interface ServingVariant {
  readonly name: string
  readonly weight: number
}

interface LiveParts {
  readonly state: HostState
  readonly models: LoadedModels
  readonly transitions: Transitions
  readonly clock: Clock
  readonly random: () => number
  /** How long a look at the state is good for, in milliseconds. */
  readonly refreshMs: number
}

interface Live {
  readonly tag: string
  fresh: boolean
  /** An update is under way. */
  readonly moving: boolean
  fleet: LoadedFleet
}

interface Look {
  readonly since: number
  readonly fleet: Promise<LoadedFleet>
}

export function openLiveFleets(parts: LiveParts): LiveFleets {
  const { state, transitions, refreshMs } = parts
  const live = new Map<string, Live>()
  const looking = new Map<string, Look>()
  const serving = new Map<string, readonly ServingVariant[]>()
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
      if (entry.moving) transitions.advance(endpoint)
      markFresh(entry, since)
      return entry.fleet
    }
    const record = tag === undefined ? undefined : await state.read('endpoints', endpoint)
    if (tag === undefined || !record) {
      drop(endpoint)
      serving.delete(endpoint)
      throw new InvokeError('ValidationError', `Endpoint ${endpoint} of account 000000000000 not found.`)
    }
    const { Serving, Status, Pending, FailureReason } = record.value
    if (Pending) transitions.advance(endpoint)
    serving.set(
      endpoint,
      (Serving?.Variants ?? []).map(({ VariantName, Weight }) => ({ name: VariantName, weight: Weight })),
    )
    if (!Serving) {
      drop(endpoint)
      throw new InvokeError(
        'ValidationError',
        `Endpoint ${endpoint} is not in service: it is ${Status}${FailureReason ? `, ${FailureReason}` : ''}.`,
      )
    }
    let fleet: LoadedFleet
    try {
      fleet = await loadServing(parts, record.value, Serving)
    } catch (error) {
      throw new InvokeError(
        'ServiceUnavailable',
        `Endpoint ${endpoint} cannot load its model here: ${messageOf(error)}`,
      )
    }
    drop(endpoint)
    const loaded: Live = { tag, fresh: false, moving: Pending !== undefined, fleet }
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
    variantsOf: (endpoint) => serving.get(endpoint) ?? [],
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

/** What serves, with what takes over from it where an update under guardrails is that far. */
async function loadServing(
  { models, clock, random }: LiveParts,
  { Status, Pending, Rollout }: EndpointRecord,
  serving: Fleet,
): Promise<LoadedFleet> {
  const old = await loadFleet(models, serving)
  if (Status !== 'Updating' || !Pending || !Rollout) return old
  try {
    const fresh = await loadFleet(models, Pending)
    return sharedFleet(old, fresh, () => rolloutAt(Rollout, clock()).percent, random)
  } catch (error) {
    old.retire()
    throw error
  }
}
