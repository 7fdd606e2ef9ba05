import { InvokeError } from '../../ports.ts'
import type { Fleet } from './host-state.ts'
import type { AnsweringModel } from './answering-model.ts'
import type { LoadedModels, ModelLease } from './loaded-models.ts'

/** A variant with its model in memory. */
export interface LoadedVariant {
  readonly name: string
  readonly weight: number
  readonly model: AnsweringModel
}

/** The variants of an endpoint, loaded. Requests hold it while they are under way. */
export interface LoadedFleet {
  readonly variants: readonly LoadedVariant[]
  /** Gets copies of requests. */
  readonly shadow: LoadedVariant | undefined
  readonly samplingPercent: number
  /** The fleet that takes a request: this one, or during an update under guardrails by chance one of the two. */
  forRequest(): LoadedFleet
  hold(): void
  letGo(): void
  /** No request will come any more: the models go when the last one is answered. */
  retire(): void
}

/** Loads every model of `fleet`; rejects as `LoadedModels.acquire` does, with nothing held. */
export async function loadFleet(models: LoadedModels, fleet: Fleet): Promise<LoadedFleet> {
  const leases: ModelLease[] = []
  const release = (): void => {
    for (const lease of leases) lease.release()
  }
  const listed = [...fleet.Variants, ...(fleet.Shadows ?? [])]
  try {
    for (const { ModelDataUrl, Image } of listed) leases.push(await models.acquire(ModelDataUrl, Image))
  } catch (error) {
    release()
    throw error
  }
  const loaded: LoadedVariant[] = []
  for (const [i, { VariantName: name, Weight: weight }] of listed.entries()) {
    const lease = leases[i]
    if (lease) loaded.push({ name, weight, model: lease.model })
  }
  let held = 0
  let retired = false
  const self: LoadedFleet = {
    variants: loaded.slice(0, fleet.Variants.length),
    shadow: loaded[fleet.Variants.length],
    forRequest: () => self,
    samplingPercent: fleet.Capture?.EnableCapture ? fleet.Capture.InitialSamplingPercentage : 0,
    hold() {
      held++
    },
    letGo() {
      held--
      if (retired && held === 0) release()
    },
    retire() {
      retired = true
      if (held === 0) release()
    },
  }
  return self
}

/** Both fleets of an update under guardrails; `percent` says at any moment what share the new one takes. */
export function sharedFleet(
  old: LoadedFleet,
  fresh: LoadedFleet,
  percent: () => number,
  random: () => number,
): LoadedFleet {
  return {
    variants: old.variants,
    shadow: undefined,
    samplingPercent: old.samplingPercent,
    forRequest: () => (random() * 100 < percent() ? fresh : old),
    hold: () => {},
    letGo: () => {},
    retire() {
      old.retire()
      fresh.retire()
    },
  }
}

/**
 * The variant of one request: the one named by `target`, else one by chance, each with its weight's share of all weights.
 * `random` is in [0, 1). Throws ValidationError for a variant that is not there.
 */
export function chooseVariant<V extends { readonly name: string; readonly weight: number }>(
  variants: readonly V[],
  target: string | undefined,
  random: () => number,
): V {
  if (target !== undefined) {
    const named = variants.find((variant) => variant.name === target)
    if (named) return named
    const names = variants.map((variant) => variant.name).join(', ')
    throw new InvokeError('ValidationError', `Variant ${target} not found; the endpoint has ${names}.`)
  }
  const total = variants.reduce((sum, variant) => sum + variant.weight, 0)
  let left = variants.length > 1 ? random() * total : 0
  let chosen: V | undefined
  for (const variant of variants) {
    if (variant.weight <= 0) continue
    chosen = variant
    left -= variant.weight
    if (left < 0) break
  }
  if (!chosen) throw new InvokeError('ValidationError', 'No variant of the endpoint takes traffic.')
  return chosen
}
