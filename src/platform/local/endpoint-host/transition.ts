import { messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import type { EndpointRecord, Fleet, HostState } from './host-state.ts'
import type { LoadedModels } from './loaded-models.ts'
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
  /** True once the host closes: a model that cannot be loaded then says nothing about the model. */
  readonly closing: () => boolean
  /** The endpoint has come to its end; resolves once this process serves what it has now. */
  readonly settled: (endpoint: string) => Promise<void>
}

export function openTransitions(parts: TransitionParts): Transitions {
  const running = new Map<string, Promise<void>>()
  return {
    advance(name) {
      if (running.has(name) || parts.closing()) return
      const work = finish(parts, name)
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
}

async function finish(parts: TransitionParts, name: string): Promise<void> {
  const { state, models, clock, closing } = parts
  for (;;) {
    const record = await state.read('endpoints', name)
    const pending = record?.value.Pending
    if (!record || !pending || record.value.Status === 'Failed') return
    let fleet: LoadedFleet | undefined
    let failure: string | undefined
    try {
      fleet = await loadFleet(models, pending)
    } catch (error) {
      failure = messageOf(error)
    }
    try {
      if (closing()) return
      // When it was changed or deleted meanwhile, it is looked at again.
      if (
        !(await state.replace(
          'endpoints',
          name,
          outcome(record.value, pending, failure, clock()),
          record.etag,
        ))
      )
        continue
      await parts.settled(name)
      return
    } finally {
      // Only now: what serves has its models from here, without loading them twice.
      fleet?.retire()
    }
  }
}

/** The endpoint after its transition. An update that failed leaves what served before, as SageMaker's rollback does. */
function outcome(
  record: EndpointRecord,
  pending: Fleet,
  failure: string | undefined,
  now: number,
): EndpointRecord {
  const { Pending: _, Serving, FailureReason: __, ...rest } = record
  const common = { ...rest, LastModifiedTime: now }
  if (failure === undefined) return { ...common, Status: 'InService', Serving: pending }
  if (Serving === undefined) return { ...common, Status: 'Failed', FailureReason: failure, Pending: pending }
  return {
    ...common,
    Status: 'InService',
    FailureReason: `The update to ${pending.EndpointConfigName} was rolled back: ${failure}`,
    Serving,
  }
}
