import { describe, expect, it } from 'vitest'
import { NOON } from '../../../test/support/alarm-platform.ts'
import { tempDir } from '../../../test/support/temp-dir.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import { addSilence, endSilences, isInForce, readSilences, silenceOf } from './silences.ts'

const ASKED = { alarm: 'a', from: NOON, seconds: 3600, by: 'ana', why: 'a trial' }

describe('a silence', () => {
  it('holds from its beginning until before its end', async () => {
    const silence = await addSilence(openDirectoryStore(await tempDir()), ASKED)
    expect([-1, 0, 3599, 3600].map((after) => isInForce(silence, NOON + after))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('is once, however often it is asked for', async () => {
    const store = openDirectoryStore(await tempDir())
    await addSilence(store, ASKED)
    await addSilence(store, ASKED)
    expect(await readSilences(store)).toHaveLength(1)
  })

  it('ends when it is ended, and stays on record', async () => {
    const store = openDirectoryStore(await tempDir())
    await addSilence(store, ASKED)
    await addSilence(store, { ...ASKED, alarm: 'b' })
    expect(await endSilences(store, { alarm: 'a', now: NOON + 60, by: 'ben' })).toHaveLength(1)
    expect(await endSilences(store, { alarm: 'a', now: NOON + 61, by: 'ben' })).toEqual([])
    const silences = await readSilences(store)
    expect(silences.find(({ alarm }) => alarm === 'a')).toMatchObject({ ended: { at: NOON + 60, by: 'ben' } })
    expect(silenceOf(silences, 'a', NOON + 60)).toBeUndefined()
    expect(silenceOf(silences, 'a', NOON + 59)).toBeDefined()
    expect(silenceOf(silences, 'b', NOON + 60)).toBeDefined()
  })

  it('of every alarm is one of each; of several the longest is shown', async () => {
    const store = openDirectoryStore(await tempDir())
    await addSilence(store, ASKED)
    await addSilence(store, { ...ASKED, alarm: '*', seconds: 7200 })
    const silences = await readSilences(store)
    expect(silenceOf(silences, 'a', NOON)?.alarm).toBe('*')
    expect(silenceOf(silences, 'other', NOON + 3700)?.alarm).toBe('*')
  })

  it.each([
    ['no time', { seconds: 0 }],
    ['more than a week', { seconds: 8 * 86_400 }],
    ['no reason', { why: ' ' }],
    ['nobody', { by: '' }],
  ])('is refused with %s', async (_, more) => {
    const store = openDirectoryStore(await tempDir())
    await expect(addSilence(store, { ...ASKED, ...more })).rejects.toMatchObject({ code: 'USAGE' })
    expect(await readSilences(store)).toEqual([])
  })

  it('that is damaged is named', async () => {
    const store = openDirectoryStore(await tempDir())
    await store.put('alarms/silences/x.json', '{}')
    await expect(readSilences(store)).rejects.toMatchObject({ code: 'CORRUPT' })
  })
})
