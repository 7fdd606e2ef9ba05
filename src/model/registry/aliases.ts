import { z } from 'zod'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { aliasesKey } from '../../core/keys.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** aliases.json of a group. */
const aliasesSchema = z.strictObject({
  aliases_version: z.literal(1),
  aliases: z.record(z.string(), z.string()),
  /** Every change, the oldest first. */
  history: z.array(z.strictObject({ alias: z.string(), version: z.string(), at: z.int(), by: z.string() })),
})
type AliasFile = z.infer<typeof aliasesSchema>

/** One change of an alias. */
export type AliasChange = AliasFile['history'][number]

const ALIAS_PATTERN = /^[a-z][a-z0-9-]{0,62}$/
/** Tries when somebody else writes between the reading and the writing. */
const ATTEMPTS = 20

/**
 * Points an alias at a version, and keeps who did it and when. Pointing it where it points already changes nothing.
 * Writers at the same time are done one after another; none is lost. The caller has seen that the version exists.
 */
export async function writeAlias(store: ObjectStore, group: string, change: AliasChange): Promise<void> {
  const { alias, version } = change
  if (!ALIAS_PATTERN.test(alias) || alias === 'latest')
    throw new OperatorError(
      'USAGE',
      `"${alias}" cannot be an alias`,
      'Use lower-case letters, digits and hyphens, such as staging, production or candidate.',
    )
  for (let attempt = 1; ; attempt++) {
    const { file, etag } = await readAliasFile(store, group)
    if (file.aliases[alias] === version) return
    const next: AliasFile = {
      aliases_version: 1,
      aliases: { ...file.aliases, [alias]: version },
      history: [...file.history, change],
    }
    try {
      const condition = etag === undefined ? { ifAbsent: true } : { ifMatch: etag }
      await store.put(aliasesKey(group), `${JSON.stringify(next, null, 2)}\n`, condition)
      return
    } catch (error) {
      if (attempt === ATTEMPTS || !isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
}

/** The aliases of a group and their history, empty when it has none, and the tag of what was read. CORRUPT when damaged. */
export async function readAliasFile(
  store: ObjectStore,
  group: string,
): Promise<{ file: AliasFile; etag?: string }> {
  const key = aliasesKey(group)
  const stored = await store.get(key)
  if (!stored) return { file: { aliases_version: 1, aliases: {}, history: [] } }
  try {
    return {
      file: aliasesSchema.parse(JSON.parse(new TextDecoder().decode(stored.body))),
      etag: stored.etag,
    }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} cannot be read: ${messageOf(error)}`,
      'Restore it from a backup; the versions themselves are not affected.',
      error,
    )
  }
}
