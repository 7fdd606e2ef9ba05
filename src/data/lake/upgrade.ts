import { OperatorError } from '../../core/errors.ts'
import { LAKE_KEY } from '../../core/keys.ts'
import type { Reporter } from '../../core/report.ts'
import type { EpochSeconds } from '../../core/time.ts'
import { LAKE_FORMAT, lakeFormat } from './lake-info.ts'
import { fromMinuteKeys } from './migrations/from-minute-keys.ts'
import type { Migration } from './migrations/migration.ts'
import type { LakeParts } from './publish.ts'

/** Every migration there is, oldest first; each leads to the format after its own. */
export const MIGRATIONS: readonly Migration[] = [fromMinuteKeys]

/**
 * Brings a lake to the format of this program, step by step. A lake that has it is left as it is; an upgrade that was
 * stopped goes on where it was. NOT_FOUND without a lake, MISMATCH when a newer program wrote it.
 */
export async function upgradeLake(
  platform: LakeParts,
  options: { readonly now: EpochSeconds; readonly report: Reporter; readonly signal?: AbortSignal },
): Promise<{ readonly from: number; readonly to: number; readonly applied: readonly string[] }> {
  const from = await lakeFormat(platform.store)
  if (from === undefined)
    throw new OperatorError(
      'NOT_FOUND',
      `there is no lake here (${LAKE_KEY} is missing)`,
      'Check --data-dir.',
    )
  if (from > LAKE_FORMAT) {
    throw new OperatorError(
      'MISMATCH',
      `the lake has format ${from}, and this program writes format ${LAKE_FORMAT}`,
      'Use the newer program that wrote it.',
    )
  }
  const applied: string[] = []
  for (let format = from; format < LAKE_FORMAT; format++) {
    const migration = MIGRATIONS.find((one) => one.from === format)
    if (migration === undefined) throw new Error(`No migration leads from format ${format} on`)
    options.report.info(`Format ${format} to ${format + 1}: ${migration.what}.`)
    await migration.run(platform, options)
    applied.push(migration.what)
  }
  return { from, to: LAKE_FORMAT, applied }
}
