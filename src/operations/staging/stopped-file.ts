import { z } from 'zod'
import { deploymentSchema } from '../../core/contracts/deployment.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { readDeployment } from '../../model/serving/deployments.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const PREFIX = 'stopped/'

/** Where what a stopped endpoint served is kept. */
export const stoppedKey = (endpoint: string): string => `${PREFIX}${endpoint}.json`

const productionVariantSchema = z.strictObject({
  VariantName: z.string(),
  ModelName: z.string(),
  InitialVariantWeight: z.number(),
  InitialInstanceCount: z.int(),
  InstanceType: z.string(),
})

const stoppedSchema = z.strictObject({
  stopped_version: z.literal(1),
  /** What is being done, written before it is done: whoever finds it knows whether to go on down or up. */
  state: z.enum(['stopping', 'stopped', 'starting']),
  at: z.int(),
  by: z.string(),
  why: z.string(),
  deployment: deploymentSchema,
  /** The endpoint config as it was made. */
  config: z.strictObject({
    EndpointConfigName: z.string(),
    ProductionVariants: z.array(productionVariantSchema).min(1),
    ShadowProductionVariants: z.array(productionVariantSchema).exactOptional(),
    DataCaptureConfig: z
      .strictObject({ EnableCapture: z.boolean(), InitialSamplingPercentage: z.number() })
      .exactOptional(),
  }),
  /** What its variants had since: weights and instances. */
  variants: z.array(z.strictObject({ variant: z.string(), weight: z.number(), instances: z.int() })),
})

/** `stopped/ENDPOINT.json`: what an endpoint served when it was stopped, and all that brings it back as it was. */
export type StoppedEndpoint = z.infer<typeof stoppedSchema>

/** What an endpoint served when it was stopped; undefined when nothing is kept. CORRUPT when the file is damaged. */
export async function readStopped(
  store: ObjectStore,
  endpoint: string,
): Promise<StoppedEndpoint | undefined> {
  const object = await store.get(stoppedKey(endpoint))
  if (!object) return undefined
  try {
    return stoppedSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${stoppedKey(endpoint)} is damaged: ${messageOf(error)}`,
      'Delete the file, and deploy to the endpoint again.',
      error,
    )
  }
}

/** Writes what is kept of an endpoint, or how far it is. */
export async function writeStopped(store: ObjectStore, stopped: StoppedEndpoint): Promise<void> {
  const body = `${JSON.stringify(stoppedSchema.parse(stopped), null, 2)}\n`
  await store.put(stoppedKey(stopped.deployment.endpoint), body)
}

/** Every endpoint that is stopped, on its way there or back, by name. */
export async function listStopped(store: ObjectStore): Promise<StoppedEndpoint[]> {
  const found: StoppedEndpoint[] = []
  for await (const { key } of store.list(PREFIX)) {
    const endpoint = /^stopped\/([^/]+)\.json$/.exec(key)?.[1]
    // Somebody may have deployed to it since.
    if (endpoint === undefined || (await readDeployment(store, endpoint))) continue
    const stopped = await readStopped(store, endpoint)
    if (stopped) found.push(stopped)
  }
  return found.sort((a, b) => (a.deployment.endpoint < b.deployment.endpoint ? -1 : 1))
}
