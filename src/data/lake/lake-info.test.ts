import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLocalPlatform, type LocalPlatform } from '../../../test/support/local-platform.ts'
import { createLake, readLake, requireLake, setVirtualNow } from './lake-info.ts'

const INFO = {
  city: 'nyc',
  timezone: 'America/New_York',
  country: 'US',
  system_name: null,
  feed_url: null,
  virtual_now: null,
}

describe('lake.json', () => {
  let platform: LocalPlatform
  beforeEach(async () => {
    platform = await openLocalPlatform()
  })
  afterEach(() => platform.close())

  it('is made once, by one of two makers', async () => {
    const made = await Promise.all([createLake(platform.store, INFO), createLake(platform.store, INFO)])
    expect(made[0]).toEqual(made[1])
    expect(await readLake(platform.store)).toEqual({ format_version: 1, ...INFO })
  })

  it('is undefined where there is none, and required with a hint', async () => {
    expect(await readLake(platform.store)).toBeUndefined()
    await expect(requireLake(platform.store)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('refuses another city, another time zone and a zone that is none', async () => {
    await createLake(platform.store, INFO)
    await expect(requireLake(platform.store, 'paris')).rejects.toMatchObject({ code: 'MISMATCH' })
    await expect(createLake(platform.store, { ...INFO, timezone: 'Europe/Oslo' })).rejects.toMatchObject({
      code: 'MISMATCH',
    })
    await expect(createLake(platform.store, { ...INFO, timezone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })

  it('refuses a newer format, asks to upgrade an older one and names what is damaged', async () => {
    const put = (text: string) => platform.store.put('lake.json', text)
    await put(JSON.stringify({ format_version: 2 }))
    await expect(readLake(platform.store)).rejects.toMatchObject({ code: 'MISMATCH', message: /format 2/ })
    await put(JSON.stringify({ city: 'nyc', timezone: 'America/New_York' }))
    await expect(readLake(platform.store)).rejects.toMatchObject({ code: 'MISMATCH', hint: /upgrade/ })
    await put('{"format_version": 1, "city"')
    await expect(readLake(platform.store)).rejects.toMatchObject({ code: 'CORRUPT' })
    await put(JSON.stringify({ format_version: 1, ...INFO, timezone: 7 }))
    await expect(readLake(platform.store)).rejects.toMatchObject({ code: 'CORRUPT', message: /timezone/ })
  })

  it('keeps its own clock and nothing else changes', async () => {
    await createLake(platform.store, INFO)
    await setVirtualNow(platform.store, 1_700_000_000)
    expect(await readLake(platform.store)).toEqual({ format_version: 1, ...INFO, virtual_now: 1_700_000_000 })
    await setVirtualNow(platform.store, null)
    expect((await requireLake(platform.store)).virtual_now).toBeNull()
  })
})
