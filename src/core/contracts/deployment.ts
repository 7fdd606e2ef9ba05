import { z } from 'zod'
import { TARGETS } from './features.ts'

/** One variant that serves: the model behind it, and what a caller must know to read its scores. */
export const deployedVariantSchema = z.strictObject({
  variant: z.string(),
  group: z.string(),
  model_version: z.string(),
  /** The name of the model at the endpoint host. */
  model_name: z.string(),
  weight: z.number().nonnegative(),
  /** From the manifest; a score at or above it is a predicted stock-out. */
  threshold: z.number().min(0).max(1),
})
export type DeployedVariant = z.infer<typeof deployedVariantSchema>

/** What served before, or is to serve: enough to bring it back. */
const configuredSchema = z.strictObject({
  endpoint_config: z.string(),
  variants: z.array(deployedVariantSchema).min(1),
})

/** `deployments/ENDPOINT.json`: what an endpoint serves, written once it is InService with it. */
export const deploymentSchema = z.strictObject({
  endpoint: z.string(),
  city: z.string(),
  target: z.enum(TARGETS),
  endpoint_config: z.string(),
  variants: z.array(deployedVariantSchema).min(1),
  previous: configuredSchema.optional(),
  /** What a release is about to make it serve: announced first, so that no batch falls between the two. */
  next: configuredSchema.optional(),
  /** Gets copies of the requests and never answers. */
  shadow: deployedVariantSchema.optional(),
  updated_at: z.int(),
  by: z.string(),
})
export type Deployment = z.infer<typeof deploymentSchema>
