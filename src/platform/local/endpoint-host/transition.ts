import { messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import type { EndpointRecord, Fleet, HostState } from './host-state.ts'
import type { LoadedModels } from './loaded-models.ts'
import { rolloutAt } from './rollout.ts'
import { loadFleet, type LoadedFleet } from './serving-fleet.ts'

/** Brings endpoints from Creating and Updating to their end. */
export interface Transitions {
  /**
   * Goes on with the endpoint's transition in the background, if it is in one and this process is not at it yet. Another
   * process may be at it too; the first to finish wins, and both get to the same end.
   */
  advance(name: string): void
  /** Waits for what is under way. */
  settle(): Promise<void>
}

interface TransitionParts {
  readonly state: HostState
  readonly models: LoadedModels
  readonly clock: Clock
  readonly report: Reporter
  /** True when one of these alarms is in ALARM. */
  readonly alarmed: (names: readonly string[]) => Promise<boolean>
  /** True once the host closes: a model that cannot be loaded then says nothing about the model. */
  readonly closing: () => boolean
  /** The endpoint has come to its end; resolves once this process serves what it has now. */
  readonly settled: (endpoint: string) => Promise<void>
}

export function openTransitions(parts: TransitionParts): Transitions {
  const running = new Map<string, Promise<void>>()
  const transitions: Transitions = {
    advance(name) {
      if (running.has(name) || parts.closing()) return
      const work = finish(parts, name, () => transitions.advance(name))
        .catch((error: unknown) =>
          parts.report.warn(`Endpoint ${name} stays as it is for now: ${messageOf(error)}`),
        )
        .finally(() => running.delete(name))
      running.set(name, work)
    },
    async settle() {
      await Promise.all(running.values())
    },
  }
  return transitions
}

/** How often an update under guardrails is looked at while nobody asks. */
const LOOK_MS = 500

async function finish(parts: TransitionParts, name: string, again: () => void): Promise<void> {
  const { state, closing } = parts
  for (;;) {
    const record = await state.read('endpoints', name)
    if (!record?.value.Pending || record.value.Status === 'Failed') return
    const next = await nextOf(parts, record.value, record.value.Pending)
    if (closing()) return next.release()
    try {
      if (next.record === undefined) {
        setTimeout(again, LOOK_MS).unref()
        return
      }
      // When it was changed or deleted meanwhile, it is looked at again.
      if (!(await state.replace('endpoints', name, next.record, record.etag))) continue
      await parts.settled(name)
      if (!next.record.Pending) return
    } finally {
      // Only now: what serves has its models from here, without loading them twice.
      next.release()
    }
  }
}

interface Next {
  /** Undefined while there is nothing to do but wait. */
  readonly record: EndpointRecord | undefined
  release(): void
}

const next = (record: EndpointRecord | undefined): Next => ({ record, release: () => {} })

async function nextOf(parts: TransitionParts, record: EndpointRecord, pending: Fleet): Promise<Next> {
  const { models, clock } = parts
  const { Serving, Rollout: rollout, Guard } = record
  if (record.Status === 'RollingBack') return next(ended(record, clock(), Serving))
  if (rollout && Serving) {
    const { done, expired } = rolloutAt(rollout, clock())
    const alarms = rollout.Config.AutoRollbackConfiguration?.Alarms ?? []
    if (expired || (await parts.alarmed(alarms.map(({ AlarmName }) => AlarmName)))) {
      const { Rollout: _, ...rest } = record
      return next({ ...rest, Status: 'RollingBack', LastModifiedTime: clock() })
    }
    return next(done ? ended(record, clock(), pending) : undefined)
  }
  let fleet: LoadedFleet
  try {
    fleet = await loadFleet(models, pending)
  } catch (error) {
    return next(refused(record, pending, messageOf(error), clock()))
  }
  const loaded: EndpointRecord =
    Guard && Serving
      ? { ...record, Rollout: { Config: Guard, StartTime: clock() } }
      : ended(record, clock(), pending)
  return { record: loaded, release: () => fleet.retire() }
}

/** In service with `serving`, and nothing under way. After an alarm it does not say that it is not what was asked for. */
function ended(record: EndpointRecord, now: number, serving: Fleet | undefined): EndpointRecord {
  const { Pending: _, Guard: __, Rollout: ___, FailureReason: ____, Serving: _____, ...rest } = record
  return {
    ...rest,
    Status: 'InService',
    LastModifiedTime: now,
    ...(serving && { Serving: serving }),
  }
}

/** What was to serve cannot be loaded: what served before goes on, as after SageMaker's rollback; else it is Failed. */
function refused(record: EndpointRecord, pending: Fleet, failure: string, now: number): EndpointRecord {
  if (record.Serving === undefined)
    return { ...record, Status: 'Failed', FailureReason: failure, LastModifiedTime: now }
  return {
    ...ended(record, now, record.Serving),
    FailureReason: `The update to ${pending.EndpointConfigName} was rolled back: ${failure}`,
  }
}
