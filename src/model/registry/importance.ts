import { z } from 'zod'
import { messageOf, OperatorError } from '../../core/errors.ts'
import { modelPrefix } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import type { Importance } from './diff.ts'

const summarySchema = z.object({ importance: z.record(z.string(), z.number()) })

/** Shares of the total gain by feature, from the version's report. NOT_FOUND without a report, CORRUPT when it is damaged. */
export async function readImportance(
  store: ObjectStore,
  group: string,
  version: string,
): Promise<Importance> {
  const key = `${modelPrefix(group, version)}report/eval_summary.json`
  const stored = await store.get(key)
  const hint = 'Restore it from a backup, or train the version again.'
  if (!stored) throw new OperatorError('NOT_FOUND', `${key} is not there`, hint)
  try {
    return summarySchema.parse(JSON.parse(new TextDecoder().decode(stored.body))).importance
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} cannot be read: ${messageOf(error)}`, hint, error)
  }
}
