import { silentReporter, type Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import { answerRequest, type InferenceAnswer } from '../../engines/inference-server/answer.ts'
import { InferenceError } from '../../engines/inference-server/inference-error.ts'
import { openScorer, type XgboostScorer } from '../../engines/xgboost/scorer.ts'
import {
  InvokeError,
  type EndpointHost,
  type InvokeInput,
  type InvokeOutput,
  type ObjectStore,
} from '../../ports.ts'
import { openControl, type EndpointControl } from './control.ts'
import { openDataCapture } from './data-capture.ts'
import { openHostState } from './host-state.ts'
import { checkInvocation } from './invoke-checks.ts'
import { openLiveFleets } from './live-fleets.ts'
import { openLoadedModels } from './loaded-models.ts'
import { chooseVariant, type LoadedFleet, type LoadedVariant } from './serving-fleet.ts'
import { openTransitions } from './transition.ts'

export interface EndpointHostOptions {
  readonly store: ObjectStore
  readonly libraryPath: string
  /** Time of what is created, changed and captured. */
  readonly clock: Clock
  /** In [0, 1): shares traffic among variants, samples captures, makes ids. */
  readonly random: () => number
  /** Threads of the library, for large requests. */
  readonly threads?: number
  readonly report?: Reporter
  /** A scorer that others use too, and that stays open; otherwise the host has its own. */
  readonly scorer?: XgboostScorer
  /** How long a look at the state in the store is good for; 0 looks before every request. */
  readonly refreshMs?: number
}

/** The port, with descriptions that also say when a thing was made. */
export type LocalEndpointHost = EndpointHost & EndpointControl

/**
 * SageMaker's endpoints in this process. Its state is in the store, under `host/`: another process that opens the same
 * store sees, serves and finishes the same endpoints. Models are loaded when they are first asked for.
 */
export function openEndpointHost(options: EndpointHostOptions): LocalEndpointHost {
  const { store, clock, random, threads = 2, report = silentReporter, refreshMs = 200 } = options
  const scorer = options.scorer ?? openScorer({ libraryPath: options.libraryPath, threads })
  const state = openHostState(store)
  const models = openLoadedModels(store, scorer)
  const capture = openDataCapture({ store, clock, random, report })
  let closing: Promise<void> | undefined
  let underWay = 0
  let idle: (() => void) | undefined

  const transitions = openTransitions({
    state,
    models,
    clock,
    report,
    closing: () => closing !== undefined,
    async settled(endpoint) {
      fleets.changed(endpoint)
      // Whatever is wrong with it, the next request hears it.
      await fleets.current(endpoint).catch(() => {})
    },
  })
  const fleets = openLiveFleets({ state, models, transitions, refreshMs })
  const control = openControl({
    store,
    state,
    transitions,
    clock,
    changed: (endpoint) => fleets.changed(endpoint),
  })

  const invoke = async (input: InvokeInput): Promise<InvokeOutput> => {
    const body = checkInvocation(input)
    const endpoint = input.EndpointName
    const fleet = fleets.known(endpoint) ?? (await fleets.current(endpoint))
    const variant = chooseVariant(fleet.variants, input.TargetVariant, random)
    const answer = await answerBy(fleet, variant, input, body)
    if (fleet.samplingPercent > 0 && random() * 100 < fleet.samplingPercent)
      capture.record({
        endpoint,
        variant: variant.name,
        contentType: input.ContentType ?? '',
        body,
        answerType: answer.contentType,
        answer: answer.body,
        inferenceId: input.InferenceId,
      })
    return {
      Body: answer.body,
      ContentType: answer.contentType,
      InvokedProductionVariant: variant.name,
    }
  }

  const shutDown = async (): Promise<void> => {
    if (underWay > 0) await new Promise<void>((resolve) => (idle = resolve))
    await transitions.settle()
    await capture.flush()
    fleets.close()
    if (!options.scorer) await scorer.close()
  }

  return {
    ...control,
    async invokeEndpoint(input) {
      if (closing) throw new InvokeError('ServiceUnavailable', 'The endpoint host is closing.')
      underWay++
      try {
        return await invoke(input)
      } finally {
        underWay--
        if (underWay === 0) idle?.()
      }
    },
    close() {
      closing ??= Promise.resolve().then(shutDown)
      return closing
    },
  }
}

async function answerBy(
  fleet: LoadedFleet,
  variant: LoadedVariant,
  input: InvokeInput,
  body: Uint8Array,
): Promise<InferenceAnswer> {
  fleet.hold()
  try {
    return await answerRequest(variant.model, { body, contentType: input.ContentType, accept: input.Accept })
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error
    const fault = error.status < 500 ? 'client' : 'server'
    throw new InvokeError(
      'ModelError',
      `Received ${fault} error (${error.status}) from ${variant.name} with message "${error.message}".`,
      { status: error.status, message: error.message },
    )
  } finally {
    fleet.letGo()
  }
}
