import { z } from 'zod'
import type { TrainingState } from '../engines/xgboost/boosting.ts'
import type { ObjectStore } from '../ports.ts'

/** checkpoint.json below a training job's prefix: one object, so that scores and model are of the same round. */
const checkpointSchema = z.strictObject({
  checkpoint_version: z.literal(1),
  /** Hash of everything that decides the model: data, parameters, names, library. */
  job_sha256: z.string(),
  history: z.array(z.strictObject({ round: z.int(), train: z.number().nullable(), validation: z.number() })),
  model_ubj_base64: z.base64(),
})

const checkpointKey = (prefix: string): string => `${prefix}checkpoint.json`

/** How far the job got; undefined when it did not, or when what was kept is of another job or damaged. */
export async function readCheckpoint(
  store: ObjectStore,
  prefix: string,
  jobHash: string,
): Promise<TrainingState | undefined> {
  const stored = await store.get(checkpointKey(prefix))
  if (!stored) return undefined
  const parsed = checkpointSchema.safeParse(parseJson(stored.body))
  if (!parsed.success || parsed.data.job_sha256 !== jobHash) return undefined
  const { history, model_ubj_base64: model } = parsed.data
  return { history, model: Uint8Array.from(Buffer.from(model, 'base64')) }
}

export async function writeCheckpoint(
  store: ObjectStore,
  prefix: string,
  jobHash: string,
  state: TrainingState,
): Promise<void> {
  const checkpoint: z.infer<typeof checkpointSchema> = {
    checkpoint_version: 1,
    job_sha256: jobHash,
    history: [...state.history],
    model_ubj_base64: Buffer.from(state.model).toString('base64'),
  }
  await store.put(checkpointKey(prefix), JSON.stringify(checkpoint))
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
