import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { isOperatorError, messageOf, OperatorError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** What a token's bearer may do: look, or also change what serves. */
export const ROLES = ['viewer', 'operator'] as const
export type Role = (typeof ROLES)[number]

const tokenSchema = z.strictObject({
  /** The public part of the token, by which it is found. */
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  created_at: z.int(),
  created_by: z.string(),
  revoked_at: z.int().nullable(),
  sha256: z.string(),
})
type StoredToken = z.infer<typeof tokenSchema>

/** A token as it may be shown: without its hash. */
export type Token = Omit<StoredToken, 'sha256'>

const PREFIX = 'access/tokens/'
const keyOf = (id: string): string => `${PREFIX}${id}.json`
/** `bks_`, the id of 12 hex digits, and the secret: 32 random bytes. */
const TOKEN_PATTERN = /^bks_([0-9a-f]{12})_([0-9a-f]{64})$/
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$/
/** Random bytes that a token is made of. */
export const TOKEN_BYTES = 38

/**
 * Makes a token and gives its text, which is nowhere kept: the lake has its hash alone. `random` are 38 bytes of chance from
 * the operating system. USAGE for a name that is not plain text or that a live token has.
 */
export async function createToken(
  store: ObjectStore,
  o: {
    readonly name: string
    readonly role: Role
    readonly by: string
    readonly now: EpochSeconds
    readonly random: Uint8Array
  },
): Promise<{ token: string; record: Token }> {
  if (!NAME_PATTERN.test(o.name))
    throw new OperatorError(
      'USAGE',
      `"${o.name}" cannot be the name of a token`,
      'Use up to 64 letters, digits, spaces and . _ @ -',
    )
  if ((await listTokens(store)).some(({ name, revoked_at }) => name === o.name && revoked_at === null))
    throw new OperatorError(
      'USAGE',
      `there is a token named "${o.name}" already`,
      'Revoke it, or take another name.',
    )
  const hex = Buffer.from(o.random).toString('hex')
  const id = hex.slice(0, 12)
  const token = `bks_${id}_${hex.slice(12)}`
  if (!TOKEN_PATTERN.test(token)) throw new Error(`a token takes ${TOKEN_BYTES} random bytes`)
  const record = {
    id,
    name: o.name,
    role: o.role,
    created_at: o.now,
    created_by: o.by,
    revoked_at: null,
  }
  await store.put(keyOf(id), text({ ...record, sha256: sha256(token) }), { ifAbsent: true })
  return { token, record }
}

/** Every token, revoked ones too, by name. CORRUPT for a damaged one: it cannot be told what it allowed. */
export async function listTokens(store: ObjectStore): Promise<Token[]> {
  const tokens: Token[] = []
  for await (const { key } of store.list(PREFIX)) {
    const read = await readToken(store, key)
    if (!read) continue
    const { sha256: _, ...shown } = read.token
    tokens.push(shown)
  }
  return tokens.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.created_at - b.created_at))
}

/** Ends the token of a name (or id), at once and for good. NOT_FOUND when no live token has it. */
export async function revokeToken(store: ObjectStore, nameOrId: string, now: EpochSeconds): Promise<Token> {
  for (const { id, name, revoked_at } of await listTokens(store)) {
    if (revoked_at !== null || (name !== nameOrId && id !== nameOrId)) continue
    const read = await readToken(store, keyOf(id))
    if (!read) continue
    const revoked = { ...read.token, revoked_at: now }
    try {
      await store.put(keyOf(id), text(revoked), { ifMatch: read.etag })
    } catch (error) {
      // Somebody else revoked it meanwhile.
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
    const { sha256: _, ...shown } = revoked
    return shown
  }
  throw new OperatorError('NOT_FOUND', `no live token is named "${nameOrId}"`, 'See `bikeshare token list`.')
}

/**
 * The token that an `Authorization: Bearer …` header shows; undefined for anything else: no header, another scheme, an
 * unknown, altered or revoked token. Takes as long for a wrong secret as for the right one.
 */
export async function bearerOf(store: ObjectStore, header: string | undefined): Promise<Token | undefined> {
  const token = /^Bearer (\S{1,200})$/.exec(header ?? '')?.[1] ?? ''
  const id = TOKEN_PATTERN.exec(token)?.[1]
  if (id === undefined) return undefined
  const read = await readToken(store, keyOf(id))
  const expected = Buffer.from(read?.token.sha256 ?? '', 'hex')
  const given = Buffer.from(sha256(token), 'hex')
  if (!read || expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  const { sha256: _, ...shown } = read.token
  return shown.revoked_at === null ? shown : undefined
}

async function readToken(
  store: ObjectStore,
  key: string,
): Promise<{ token: StoredToken; etag: string } | undefined> {
  const object = await store.get(key)
  if (!object) return undefined
  try {
    return { token: tokenSchema.parse(JSON.parse(new TextDecoder().decode(object.body))), etag: object.etag }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged: ${messageOf(error)}`,
      'Delete it and make a new token.',
    )
  }
}

const text = (token: StoredToken): string => `${JSON.stringify(token, null, 2)}\n`
