import type { Config } from '../../core/config/schema.ts'
import type { Plan, PlanSettings } from '../../core/contracts/plan.ts'
import type { Platform } from '../../platform/ports.ts'
import { readConstraints } from './constraints-store.ts'
import { planRebalancing, type PlanOptions } from './plan-rebalancing.ts'
import { storePlan } from './plan-store.ts'
import { planSettings, withConfigured } from './settings.ts'

/** Whose plan it is, and what is asked for other than configured. */
export interface ProposalOptions extends Omit<PlanOptions, 'settings' | 'constraints'> {
  readonly configured: Config['rebalancing']
  readonly asked?: Partial<PlanSettings>
}

/** Makes a plan under the constraints in force and keeps it as proposed. Errors as of planRebalancing. */
export async function proposePlan(
  platform: Pick<Platform, 'store' | 'warehouse'>,
  { configured, asked, ...o }: ProposalOptions,
): Promise<Plan> {
  const { constraints } = await readConstraints(platform.store)
  const inForce = withConfigured(constraints, configured)
  const plan = await planRebalancing(platform, {
    ...o,
    settings: planSettings(configured, constraints, asked),
    constraints: inForce,
  })
  return storePlan(platform.store, plan)
}
