import { silentReporter, type Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import type { InferenceAnswer } from '../../engines/inference-server/answer.ts'
import { InferenceError } from '../../engines/inference-server/inference-error.ts'
import { openScorer, type XgboostScorer } from '../../engines/xgboost/scorer.ts'
import {
  InvokeError,
  type AlarmStore,
  type EndpointHost,
  type InvokeInput,
  type InvokeOutput,
  type ObjectStore,
} from '../../ports.ts'
import type { LocalMetricStore } from '../metric-store/metric-store.ts'
import { endingOf, type CallEnding } from './call-ending.ts'
import { isName } from './control-checks.ts'
import { openControl, type EndpointControl } from './control.ts'
import { openDataCapture } from './data-capture.ts'
import { openHostState } from './host-state.ts'
import { checkInvocation } from './invoke-checks.ts'
import { openLiveFleets } from './live-fleets.ts'
import { openInvocationMetrics } from './invocation-metrics.ts'
import { openLoadedModels, type Images } from './loaded-models.ts'
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
  /** Where SageMaker's metrics of the endpoints go; without it there are none. */
  readonly metrics?: Pick<LocalMetricStore, 'putPart'>
  /** Milliseconds since any fixed moment, never going back; latencies are told by it. */
  readonly elapsedMs: () => number
  /** A scorer that others use too, and that stays open; otherwise the host has its own. */
  readonly scorer?: XgboostScorer
  /** Alarms that an update under guardrails may name; without them none is ever raised. */
  readonly alarms?: Pick<AlarmStore, 'describeAlarms'>
  /** Programs that serve models in processes of their own, by the image that a model names. */
  readonly images?: Images
  /** How long a look at the state in the store is good for; 0 looks before every request. */
  readonly refreshMs?: number
}

/** The port, with descriptions that also say when a thing was made. */
export type LocalEndpointHost = EndpointHost &
  EndpointControl & {
    /** Counts a request that the server refused before the host saw it. */
    countRefusal(endpoint: string): Promise<void>
  }

/** What is known of a request while it is under way. */
interface CallUnderWay {
  /** By `elapsedMs`. */
  readonly begun: number
  variant?: string
  modelMs?: number
}

/**
 * SageMaker's endpoints in this process. Its state is in the store, under `host/`: another process that opens the same
 * store sees, serves and finishes the same endpoints. Models are loaded when they are first asked for.
 */
export function openEndpointHost(options: EndpointHostOptions): LocalEndpointHost {
  const { store, clock, random, elapsedMs, threads = 2, report = silentReporter, refreshMs = 200 } = options
  const scorer = options.scorer ?? openScorer({ libraryPath: options.libraryPath, threads })
  const state = openHostState(store)
  const models = openLoadedModels(store, scorer, options.images ?? {})
  const capture = openDataCapture({ store, clock, random, report })
  const counted = openInvocationMetrics({ metrics: options.metrics, clock, random, report })
  let closing: Promise<void> | undefined
  let underWay = 0
  let idle: (() => void) | undefined

  const transitions = openTransitions({
    state,
    models,
    clock,
    report,
    closing: () => closing !== undefined,
    async alarmed(names) {
      if (names.length === 0 || !options.alarms) return false
      const known = await options.alarms.describeAlarms()
      return known.some(({ alarm, StateValue }) => StateValue === 'ALARM' && names.includes(alarm.AlarmName))
    },
    async settled(endpoint) {
      fleets.changed(endpoint)
      // Whatever is wrong with it, the next request hears it.
      await fleets.current(endpoint).catch(() => {})
    },
  })
  const fleets = openLiveFleets({ state, models, transitions, clock, random, refreshMs })
  const control = openControl({
    store,
    state,
    transitions,
    clock,
    changed: (endpoint) => fleets.changed(endpoint),
  })

  const answer = async (input: InvokeInput, call: CallUnderWay): Promise<InvokeOutput> => {
    const body = checkInvocation(input)
    const endpoint = input.EndpointName
    const fleet = (fleets.known(endpoint) ?? (await fleets.current(endpoint))).forRequest()
    const variant = chooseVariant(fleet.variants, input.TargetVariant, random)
    call.variant = variant.name
    const asked = elapsedMs()
    let answer: InferenceAnswer
    try {
      answer = await answerBy(fleet, variant, input, body)
    } finally {
      call.modelMs = elapsedMs() - asked
    }
    record(fleet, variant, input, body, answer)
    copyToShadow(fleet, variant, input, body)
    return {
      Body: answer.body,
      ContentType: answer.contentType,
      InvokedProductionVariant: variant.name,
    }
  }

  const record = (
    fleet: LoadedFleet,
    variant: LoadedVariant,
    { EndpointName: endpoint, ContentType: contentType = '', InferenceId: inferenceId }: InvokeInput,
    body: Uint8Array,
    { contentType: answerType, body: answer }: InferenceAnswer,
  ): void => {
    if (fleet.samplingPercent > 0 && random() * 100 < fleet.samplingPercent)
      capture.record({ endpoint, variant: variant.name, contentType, body, answerType, answer, inferenceId })
  }
  const copies = new Set<Promise<void>>()
  /** Sends a shadow its copy, in the share of its weight; whatever comes of it, the caller has its answer. */
  const copyToShadow = (
    fleet: LoadedFleet,
    variant: LoadedVariant,
    input: InvokeInput,
    body: Uint8Array,
  ): void => {
    const { shadow } = fleet
    if (!shadow || random() * variant.weight >= shadow.weight) return
    const call: CallUnderWay = { begun: elapsedMs(), variant: shadow.name }
    const copy = answerBy(fleet, shadow, input, body)
      .then(
        (answer) => {
          call.modelMs = elapsedMs() - call.begun
          record(fleet, shadow, input, body, answer)
          return count(input.EndpointName, call, 'answered')
        },
        (error: unknown) => count(input.EndpointName, call, endingOf(error)),
      )
      .finally(() => copies.delete(copy))
    copies.add(copy)
  }

  const count = async (endpoint: string, call: CallUnderWay, ending: CallEnding): Promise<void> => {
    const { begun, modelMs } = call
    const variant = call.variant ?? (await variantOfUnseen(endpoint))
    if (variant === undefined) return
    counted.count({
      endpoint,
      variant,
      ending,
      modelMicros: modelMs === undefined ? undefined : modelMs * 1000,
      overheadMicros: modelMs === undefined ? undefined : (elapsedMs() - begun - modelMs) * 1000,
    })
  }
  /** The variant that a request which no model saw counts on: one by the weights. Undefined where there is no endpoint. */
  const variantOfUnseen = async (endpoint: string): Promise<string | undefined> => {
    if (!isName(endpoint)) return undefined
    if (fleets.variantsOf(endpoint).length === 0) await fleets.current(endpoint).catch(() => {})
    const variants = fleets.variantsOf(endpoint)
    return variants.some(({ weight }) => weight > 0)
      ? chooseVariant(variants, undefined, random).name
      : undefined
  }

  const invoke = async (input: InvokeInput): Promise<InvokeOutput> => {
    const call: CallUnderWay = { begun: elapsedMs() }
    try {
      const output = await answer(input, call)
      await count(input.EndpointName, call, 'answered')
      return output
    } catch (error) {
      await count(input.EndpointName, call, endingOf(error))
      throw error
    }
  }

  const shutDown = async (): Promise<void> => {
    if (underWay > 0) await new Promise<void>((resolve) => (idle = resolve))
    await Promise.all(copies)
    await transitions.settle()
    await capture.flush()
    await counted.close()
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
    countRefusal: (endpoint) => count(endpoint, { begun: elapsedMs() }, 'refused'),
    async flush() {
      await Promise.all(copies)
      await Promise.all([capture.flush(), counted.flush()])
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
    return await variant.model.answer({ body, contentType: input.ContentType, accept: input.Accept })
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
