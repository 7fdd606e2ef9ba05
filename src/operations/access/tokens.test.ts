import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import type { ObjectStore } from '../../platform/ports.ts'
import { bearerOf, createToken, listTokens, revokeToken, TOKEN_BYTES, type Role } from './tokens.ts'

const NOW = 1_700_000_000

describe('operator tokens', () => {
  let folder: string
  let store: ObjectStore
  beforeEach(async () => {
    folder = await makeTempDir()
    store = openDirectoryStore(folder)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const create = (name: string, role: Role = 'operator') =>
    createToken(store, { name, role, by: 'ann', now: NOW, random: randomBytes(TOKEN_BYTES) })

  it('opens what its role opens, by the header alone', async () => {
    const { token } = await create('van 3', 'viewer')
    expect(await bearerOf(store, `Bearer ${token}`)).toMatchObject({ name: 'van 3', role: 'viewer' })
  })

  it.each([
    ['no header', () => undefined],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['the bare token', (token: string) => token],
    ['another secret', (token: string) => `Bearer ${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
    ['an unknown id', (token: string) => `Bearer ${token.replace(/_[0-9a-f]{12}_/, '_000000000000_')}`],
    ['a path', () => 'Bearer bks_../../../x_y'],
    ['more than a token', (token: string) => `Bearer ${token} x`],
    ['nothing', () => 'Bearer '],
  ])('refuses %s', async (_, header) => {
    const { token } = await create('ann')
    expect(await bearerOf(store, header(token))).toBeUndefined()
  })

  it('is nowhere in the lake', async () => {
    const { token, record } = await create('ann')
    const secret = token.split('_')[2] ?? ''
    const stored = await store.get(`access/tokens/${record.id}.json`)
    const text = new TextDecoder().decode(stored?.body)
    expect(text).not.toContain(secret)
    expect(text).toContain('"sha256"')
    expect(JSON.stringify(await listTokens(store))).not.toContain('sha256')
  })

  it('ends when it is revoked, and its name is free again', async () => {
    const { token } = await create('ann')
    await expect(create('ann')).rejects.toThrow(/already/)
    await revokeToken(store, 'ann', NOW + 1)
    expect(await bearerOf(store, `Bearer ${token}`)).toBeUndefined()
    await expect(revokeToken(store, 'ann', NOW + 2)).rejects.toThrow(/no live token/)
    const again = await create('ann')
    expect(await bearerOf(store, `Bearer ${again.token}`)).toMatchObject({ id: again.record.id })
    expect((await listTokens(store)).map(({ revoked_at }) => revoked_at)).toEqual(
      expect.arrayContaining([NOW + 1, null]),
    )
  })

  it('takes plain names only', async () => {
    for (const name of ['', ' x', 'a/b', '<b>', 'x'.repeat(65), 'a\nb'])
      await expect(create(name)).rejects.toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
