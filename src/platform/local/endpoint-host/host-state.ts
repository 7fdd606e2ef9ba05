import { z } from 'zod'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import type { ObjectStore } from '../../ports.ts'
import { deploymentConfigSchema, rolloutSchema } from './rollout.ts'

const modelSchema = z.object({
  ModelName: z.string(),
  PrimaryContainer: z.object({
    ModelDataUrl: z.string(),
    Image: z.string().exactOptional(),
    Environment: z.record(z.string(), z.string()).exactOptional(),
  }),
  CreationTime: z.int(),
})
/** A model as SageMaker's CreateModel keeps it. */
export type ModelRecord = z.infer<typeof modelSchema>

const captureSchema = z.object({
  EnableCapture: z.boolean(),
  InitialSamplingPercentage: z.number(),
})

const configVariantSchema = z.object({
  VariantName: z.string(),
  ModelName: z.string(),
  InitialVariantWeight: z.number(),
  InitialInstanceCount: z.int(),
  InstanceType: z.string(),
})
const configSchema = z.object({
  EndpointConfigName: z.string(),
  ProductionVariants: z.array(configVariantSchema),
  ShadowProductionVariants: z.array(configVariantSchema).exactOptional(),
  DataCaptureConfig: captureSchema.exactOptional(),
  CreationTime: z.int(),
})
/** An endpoint configuration. */
export type ConfigRecord = z.infer<typeof configSchema>

/** One variant of an endpoint. */
const variantSchema = z.object({
  VariantName: z.string(),
  ModelName: z.string(),
  /** As the model had it when the variant was made: a model that is deleted afterwards goes on serving. */
  ModelDataUrl: z.string(),
  Image: z.string().exactOptional(),
  Weight: z.number(),
  InstanceCount: z.int(),
})
const fleetSchema = z.object({
  EndpointConfigName: z.string(),
  Variants: z.array(variantSchema).min(1),
  Shadows: z.array(variantSchema).exactOptional(),
  Capture: captureSchema.exactOptional(),
})
/** What serves, or is to serve. */
export type Fleet = z.infer<typeof fleetSchema>

const endpointSchema = z.object({
  EndpointName: z.string(),
  Status: z.enum(['Creating', 'Updating', 'RollingBack', 'InService', 'Failed']),
  FailureReason: z.string().exactOptional(),
  /** What serves; absent until the first is loaded. */
  Serving: fleetSchema.exactOptional(),
  /** What is to serve; absent unless Creating, Updating, RollingBack or Failed. */
  Pending: fleetSchema.exactOptional(),
  /** How it takes the traffic over, once it is loaded. */
  Guard: deploymentConfigSchema.exactOptional(),
  /** It is loaded, and takes the traffic over. */
  Rollout: rolloutSchema.exactOptional(),
  CreationTime: z.int(),
  LastModifiedTime: z.int(),
})
/** An endpoint and how far it is. Whoever opens the store can finish what another began. */
export type EndpointRecord = z.infer<typeof endpointSchema>

const SCHEMAS = { models: modelSchema, 'endpoint-configs': configSchema, endpoints: endpointSchema } as const
interface Records {
  models: ModelRecord
  'endpoint-configs': ConfigRecord
  endpoints: EndpointRecord
}
type Kind = keyof Records

/** A record and the tag to replace it by. */
export interface Tagged<T> {
  readonly value: T
  readonly etag: string
}

/** The control state of the host: one JSON object under `host/` for each model, configuration and endpoint. */
export interface HostState {
  read<K extends Kind>(kind: K, name: string): Promise<Tagged<Records[K]> | undefined>
  /** False when the name is taken. */
  create<K extends Kind>(kind: K, name: string, value: Records[K]): Promise<boolean>
  /** False when it is no longer the one of `etag`. */
  replace<K extends Kind>(kind: K, name: string, value: Records[K], etag: string): Promise<boolean>
  remove(kind: Kind, name: string): Promise<void>
  list<K extends Kind>(kind: K): Promise<Records[K][]>
  /** Changes whenever the record may have; undefined when there is none. Much cheaper than reading it. */
  tag(kind: Kind, name: string): Promise<string | undefined>
}

/** Opens the state in `store`; nothing is read before it is asked for. */
export function openHostState(store: ObjectStore): HostState {
  const read = async <K extends Kind>(kind: K, name: string): Promise<Tagged<Records[K]> | undefined> => {
    const key = keyOf(kind, name)
    const object = await store.get(key)
    return object && { value: parse(kind, key, object.body), etag: object.etag }
  }
  const put = async (
    key: string,
    value: unknown,
    options: { ifAbsent: true } | { ifMatch: string },
  ): Promise<boolean> => {
    try {
      await store.put(key, `${JSON.stringify(value, null, 2)}\n`, options)
      return true
    } catch (error) {
      if (isOperatorError(error, 'WRITE_CONFLICT')) return false
      throw error
    }
  }
  return {
    read,
    create: (kind, name, value) => put(keyOf(kind, name), value, { ifAbsent: true }),
    replace: (kind, name, value, etag) => put(keyOf(kind, name), value, { ifMatch: etag }),
    remove: (kind, name) => store.delete(keyOf(kind, name)),
    async list<K extends Kind>(kind: K) {
      const records: Records[K][] = []
      for await (const { key } of store.list(`host/${kind}/`)) {
        const record = await read(kind, key.slice(key.lastIndexOf('/') + 1, -'.json'.length))
        if (record) records.push(record.value)
      }
      return records
    },
    async tag(kind, name) {
      const wanted = keyOf(kind, name)
      for await (const { key, etag } of store.list(wanted)) if (key === wanted) return etag
      return undefined
    },
  }
}

const keyOf = (kind: Kind, name: string): string => `host/${kind}/${name}.json`

function parse<K extends Kind>(kind: K, key: string, body: Uint8Array): Records[K] {
  try {
    return SCHEMAS[kind].parse(JSON.parse(Buffer.from(body).toString('utf8'))) as Records[K]
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `the endpoint host's record ${key} is damaged`,
      'Delete the file, then deploy again.',
      error,
    )
  }
}
