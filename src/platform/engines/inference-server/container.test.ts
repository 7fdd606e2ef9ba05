import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { brokenModel, libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { packModel } from '../../../core/model-archive.ts'
import { startContainer } from './container.ts'

const ROW = `0.9${','.repeat(24)}`

async function modelFolder(file: string, content: Uint8Array): Promise<string> {
  const folder = await tempDir()
  await writeFile(join(folder, file), content)
  return folder
}

async function start(modelDir: string) {
  const container = await startContainer({
    modelDir,
    libraryPath: libraryPath(),
    port: 0,
    hostname: '127.0.0.1',
  })
  onTestFinished(() => container.close())
  const post = (
    body: string | Uint8Array,
    headers: Record<string, string> = { 'content-type': 'text/csv' },
  ) => fetch(`${container.url}/invocations`, { method: 'POST', body: Buffer.from(body), headers })
  return { container, post }
}

const stump = stumpModel({ low: 0.1, high: 0.9 })

describe('the container', () => {
  it('answers GET /ping and POST /invocations, in CSV and in JSON', async () => {
    const { container, post } = await start(await modelFolder('xgboost-model', stump))
    expect((await fetch(`${container.url}/ping`)).status).toBe(200)
    const csv = await post(`${ROW}\n${ROW}\n`)
    expect(csv.headers.get('content-type')).toBe('text/csv')
    expect(await csv.text()).toBe('0.899999976\n0.899999976')
    const json = await post(ROW, { 'content-type': 'text/csv', accept: 'application/json' })
    expect(await json.json()).toEqual({ predictions: [{ score: 0.899999976 }] })
  })

  it('takes the model from an archive, too', async () => {
    const { post } = await start(await modelFolder('model.tar.gz', await packModel(stump)))
    expect(await (await post(ROW)).text()).toBe('0.899999976')
  })

  it('says by its status what was wrong with a request', async () => {
    const { container, post } = await start(await modelFolder('xgboost-model', brokenModel()))
    expect((await post('1,2')).status).toBe(400)
    expect(await (await post('1,2')).json()).toEqual({ error: expect.stringContaining('row 1 has 2 values') })
    expect((await post(ROW, { 'content-type': 'image/png' })).status).toBe(415)
    expect((await post(ROW, { 'content-type': 'text/csv', accept: 'image/png' })).status).toBe(406)
    expect((await post(new Uint8Array(7_000_000))).status).toBe(413)
    expect((await post(ROW)).status).toBe(500)
    expect((await fetch(`${container.url}/other`)).status).toBe(404)
  })

  it('does not start without a model that it can serve, and says why', async () => {
    const options = { libraryPath: libraryPath(), port: 0, hostname: '127.0.0.1' }
    const failing = async (modelDir: string, code: string, message: RegExp): Promise<void> =>
      expect(startContainer({ ...options, modelDir })).rejects.toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      )
    await failing(await tempDir(), 'NOT_FOUND', /holds nothing/)
    await failing(join(await tempDir(), 'none'), 'NOT_FOUND', /cannot be read/)
    await failing(await modelFolder('xgboost-model', Buffer.from('{')), 'CORRUPT', /damaged/)
    const swapped = stumpModel(
      { low: 0.1, high: 0.9 },
      0,
      Array.from({ length: 25 }, (_, i) => `f${i}`),
    )
    await failing(await modelFolder('xgboost-model', swapped), 'MISMATCH', /its feature 1 is "f0"/)
  })

  it('as a program answers what is under way on SIGTERM, then ends by itself', async () => {
    const folder = await modelFolder('xgboost-model', stump)
    const program = new URL('./container-program.ts', import.meta.url).pathname
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        program,
        '--library',
        libraryPath(),
        '--model-dir',
        folder,
        '--port',
        '0',
        '--host',
        '127.0.0.1',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { listening } = JSON.parse(line) as { listening: string }
    const body = `${ROW}\n`.repeat(20_000)
    const ask = (): Promise<Response> =>
      fetch(`${listening}/invocations`, { method: 'POST', body, headers: { 'content-type': 'text/csv' } })
    const underWay = Array.from({ length: 6 }, ask)
    await Promise.race(underWay)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const statuses = (await Promise.all(underWay)).map(({ status }) => status)
    expect(statuses).toEqual(statuses.map(() => 200))
    expect(await ended).toEqual([0, null])
    await rm(folder, { recursive: true })
  })
})
