import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { sha256 } from './hash.ts'
import { packModel, unpackModel } from './model-archive.ts'

/** What a test says of an entry. */
type Entry = Parameters<ReturnType<typeof pack>['entry']>[0]

async function archiveOf(entries: [Entry, string?][]): Promise<Uint8Array> {
  const tar = pack()
  for (const [header, content] of entries) tar.entry(header, content ?? '')
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return gzipSync(Buffer.concat(chunks))
}

const MODEL: [Entry, string] = [{ name: 'xgboost-model' }, 'trees']

describe('a model archive', () => {
  it('gives back the model that was packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (model) => {
        expect([...(await unpackModel(await packModel(model)))]).toEqual([...model])
      }),
      { numRuns: 30 },
    )
  })

  it('has the same bytes for the same model, on any day and machine', async () => {
    const packed = await packModel(new TextEncoder().encode('trees'))
    expect(sha256(gunzipSync(packed))).toBe(
      '896b55775761e96fc4970424d933d0fdf904a4d119b707a33ec00c624afc7b7b',
    )
    expect([...packed.subarray(4, 10)]).toEqual([0, 0, 0, 0, 0, 255])
  })

  it('may have been made by tar over a folder', async () => {
    const archive = await archiveOf([
      [{ name: './', type: 'directory' }],
      [{ name: './xgboost-model' }, 'trees'],
    ])
    expect(new TextDecoder().decode(await unpackModel(archive))).toBe('trees')
  })

  it.each<[string, [Entry, string?][], RegExp]>([
    ['nothing', [], /holds no xgboost-model/],
    ['another file', [[{ name: 'model.json' }, '{}']], /"model.json"/],
    ['a file more', [MODEL, [{ name: 'code/inference.py' }, 'x']], /"code\/inference.py"/],
    ['the model twice', [MODEL, MODEL], /twice/],
    ['a path out of the folder', [[{ name: '../xgboost-model' }, 'x']], /"..\/xgboost-model"/],
    ['an absolute path', [[{ name: '/xgboost-model' }, 'x']], /"\/xgboost-model"/],
    ['a link', [[{ name: 'xgboost-model', type: 'symlink', linkname: '/etc/passwd' }]], /symlink/],
    ['a folder', [MODEL, [{ name: 'code/', type: 'directory' }]], /directory/],
  ])('with %s is refused', async (_what, entries, why) => {
    await expect(unpackModel(await archiveOf(entries))).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringMatching(why),
    })
  })

  it('that is damaged or cut short is refused', async () => {
    const whole = await packModel(randomBytes(5000))
    await expect(unpackModel(whole.subarray(0, 2000))).rejects.toMatchObject({ code: 'CORRUPT' })
    await expect(unpackModel(new Uint8Array(0))).rejects.toMatchObject({ code: 'CORRUPT' })
    await expect(unpackModel(new TextEncoder().encode('<html>'))).rejects.toMatchObject({ code: 'CORRUPT' })
    const torn = gzipSync(gunzipSync(whole).subarray(0, 3000))
    await expect(unpackModel(torn)).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  it('that unpacks to more than is allowed is refused without unpacking it all', async () => {
    const bomb = await packModel(new Uint8Array(3_000_000))
    expect(bomb.length).toBeLessThan(10_000)
    await expect(unpackModel(bomb, 1_000_000)).rejects.toThrow(/3000000 bytes, above 1000000/)
    const trailing = gzipSync(
      Buffer.concat([gunzipSync(await packModel(new Uint8Array(10))), Buffer.alloc(3_000_000)]),
    )
    await expect(unpackModel(trailing, 1_000_000)).rejects.toThrow(/more than/)
  })
})
