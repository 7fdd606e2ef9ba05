import { InvokeError } from '../../ports.ts'
import type { ServedModel } from '../../engines/inference-server/served-model.ts'
import type { Fleet } from './host-state.ts'
import type { LoadedModels, ModelLease } from './loaded-models.ts'

/** A variant with its model in memory. */
export interface LoadedVariant {
  readonly name: string
  readonly weight: number
  readonly model: ServedModel
}

/** The variants of an endpoint, loaded. Requests hold it while they are under way. */
export interface LoadedFleet {
  readonly variants: readonly LoadedVariant[]
  readonly samplingPercent: number
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
  try {
    for (const variant of fleet.Variants) leases.push(await models.acquire(variant.ModelDataUrl))
  } catch (error) {
    release()
    throw error
  }
  const variants: LoadedVariant[] = []
  for (const [i, { VariantName: name, Weight: weight }] of fleet.Variants.entries()) {
    const lease = leases[i]
    if (lease) variants.push({ name, weight, model: lease.model })
  }
  let held = 0
  let retired = false
  return {
    variants,
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
