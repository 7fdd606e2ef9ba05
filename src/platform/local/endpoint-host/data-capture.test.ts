import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../core/seeded-random.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { OperatorError } from '../../../core/errors.ts'
import { silentReporter } from '../../../core/report.ts'
import type { ObjectStore } from '../../ports.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openDataCapture, type CapturedCall } from './data-capture.ts'

/** 2024-05-14T12:59:50Z */
const NOW = 1_715_691_590

const call = (more: Partial<CapturedCall> = {}): CapturedCall => ({
  endpoint: 'bikeshare-prod',
  variant: 'AllTraffic',
  contentType: 'text/csv',
  body: Buffer.from('1,2\n3,4'),
  answerType: 'application/json',
  answer: Buffer.from('{"predictions":[]}'),
  inferenceId: 'id-1',
  ...more,
})

async function captured(store: ObjectStore): Promise<Record<string, unknown[]>> {
  const files: Record<string, unknown[]> = {}
  for await (const { key } of store.list('datacapture/')) {
    const text = Buffer.from((await store.get(key))?.body ?? []).toString()
    expect(text.endsWith('\n')).toBe(true)
    files[key.slice(0, key.lastIndexOf('/'))] = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
  }
  return files
}

describe('data capture', () => {
  it('writes SageMaker’s own lines, by variant and hour', async () => {
    const store = openDirectoryStore(await tempDir())
    let now = NOW
    const capture = openDataCapture({
      store,
      clock: () => now,
      random: seededRandom(1),
      report: silentReporter,
    })
    capture.record(call())
    now += 30
    capture.record(call({ contentType: 'image/png', body: Uint8Array.of(0xff, 0), inferenceId: undefined }))
    capture.record(call({ variant: 'Candidate' }))
    await capture.flush()
    const files = await captured(store)
    expect(Object.keys(files)).toEqual([
      'datacapture/bikeshare-prod/AllTraffic/2024/05/14/12',
      'datacapture/bikeshare-prod/AllTraffic/2024/05/14/13',
      'datacapture/bikeshare-prod/Candidate/2024/05/14/13',
    ])
    const uuid = expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(files['datacapture/bikeshare-prod/AllTraffic/2024/05/14/12']).toEqual([
      {
        captureData: {
          endpointInput: {
            observedContentType: 'text/csv',
            mode: 'INPUT',
            data: '1,2\n3,4',
            encoding: 'CSV',
          },
          endpointOutput: {
            observedContentType: 'application/json',
            mode: 'OUTPUT',
            data: '{"predictions":[]}',
            encoding: 'JSON',
          },
        },
        eventMetadata: { eventId: uuid, inferenceId: 'id-1', inferenceTime: '2024-05-14T12:59:50Z' },
        eventVersion: '0',
      },
    ])
    expect(files['datacapture/bikeshare-prod/AllTraffic/2024/05/14/13']).toMatchObject([
      {
        captureData: { endpointInput: { data: '/wA=', encoding: 'BASE64' } },
        eventMetadata: { inferenceTime: '2024-05-14T13:00:20Z' },
      },
    ])
  })

  it('writes a file whenever enough waits for it, and loses no line between files', async () => {
    const store = openDirectoryStore(await tempDir())
    const parts = { store, clock: () => NOW, random: seededRandom(1), report: silentReporter, maxBytes: 100 }
    const capture = openDataCapture(parts)
    for (let i = 0; i < 20; i++) capture.record(call({ inferenceId: `id-${i}` }))
    await capture.flush()
    const ids: string[] = []
    let files = 0
    for await (const { key } of store.list('datacapture/')) {
      files++
      const text = Buffer.from((await store.get(key))?.body ?? []).toString()
      ids.push(...[...text.matchAll(/"inferenceId":"([^"]*)"/g)].map((match) => match[1] ?? ''))
    }
    expect(files).toBe(5)
    expect(ids.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `id-${i}`).sort())
  })

  it('says how much was lost when it cannot be written, and goes on', async () => {
    const store = openDirectoryStore(await tempDir())
    let full = true
    const warnings: string[] = []
    const capture = openDataCapture({
      store: {
        ...store,
        put: async (key, body, options) => {
          if (full) throw new OperatorError('UNAVAILABLE', 'the disk is full')
          return store.put(key, body, options)
        },
      },
      clock: () => NOW,
      random: seededRandom(1),
      report: { ...silentReporter, warn: (message) => warnings.push(message) },
    })
    capture.record(call())
    capture.record(call())
    await capture.flush()
    expect(warnings).toEqual(['2 captured requests are lost: the disk is full'])
    full = false
    capture.record(call())
    await capture.flush()
    expect(Object.values(await captured(store)).flat()).toHaveLength(1)
  })
})
