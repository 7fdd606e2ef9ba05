import { z } from 'zod'
import type { DeployedVariant } from '../../core/contracts/deployment.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { qualityBaselineKey } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import type { QualityFloors } from './alarms-for.ts'

const baselineSchema = z.looseObject({
  pr_auc_floor: z.number().nullish(),
  f1_floor: z.number().nullish(),
})

/**
 * The bounds that the models of an endpoint set themselves, from their held-out days; of several variants the lowest, so that
 * a strict candidate does not raise the alarm over a good baseline. Undefined unless each has one.
 */
export async function qualityFloors(
  store: ObjectStore,
  variants: readonly DeployedVariant[],
): Promise<QualityFloors | undefined> {
  const floors: QualityFloors[] = []
  for (const { group, model_version } of variants) {
    const floor = await floorOf(store, qualityBaselineKey(group, model_version))
    if (!floor) return undefined
    floors.push(floor)
  }
  if (floors.length === 0) return undefined
  return {
    pr_auc: Math.min(...floors.map((floor) => floor.pr_auc)),
    f1: Math.min(...floors.map((floor) => floor.f1)),
  }
}

async function floorOf(store: ObjectStore, key: string): Promise<QualityFloors | undefined> {
  const object = await store.get(key)
  if (!object) return undefined
  let baseline
  try {
    baseline = baselineSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Delete it; it is made anew.',
      error,
    )
  }
  const { pr_auc_floor, f1_floor } = baseline
  return typeof pr_auc_floor === 'number' && typeof f1_floor === 'number'
    ? { pr_auc: pr_auc_floor, f1: f1_floor }
    : undefined
}
