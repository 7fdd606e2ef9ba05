import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { addSilence } from '../../src/operations/alarms/silences.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import { lastJson, mustRun, runCli, startCli, type CliProcess } from '../support/cli.ts'
import { NOW, openDashboardLake } from '../support/dashboard.ts'
import { readEvents } from '../support/event-stream.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { cp, rm } from 'node:fs/promises'

/** What a client is told of a stream whose server is gone. */
const BROKEN = /ended|terminated|aborted/

let data: string
beforeAll(async () => {
  const lake = await openDashboardLake()
  data = await makeTempDir()
  await cp(dirname(lake.root), data, { recursive: true })
  await lake.close()
})
afterAll(() => rm(data, { recursive: true, force: true }))

/** Reads what a killed server had sent, however much that was: ends only with the stream. */
async function untilBroken(page: ReturnType<typeof readEvents>): Promise<never> {
  for (;;) await page.next()
}

async function start(port: string): Promise<{ cli: CliProcess; url: string }> {
  const cli = startCli(['dashboard', '--data-dir', data, '--port', port, '--city', 'demo'], {
    env: { BIKESHARE_DASHBOARD__POLL_SECONDS: '0.2' },
  })
  onTestFinished(async () => void (await cli.stop('SIGKILL')))
  const [, url = ''] = await cli.printed(/at (http:\S+?);/)
  return { cli, url }
}

describe('bikeshare dashboard', () => {
  it('serves its pages and answers, and ends when it is asked to, with open streams', async () => {
    const { cli, url } = await start('0')
    expect(await (await fetch(`${url}/api/cities/demo/state`)).json()).toMatchObject({
      as_of: { city: 'demo', at: NOW },
    })
    const stream = readEvents(await fetch(`${url}/api/live`))
    const stopped = await cli.stop('SIGTERM')
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringContaining('Stopped.')])
    await expect(stream.next()).rejects.toThrow(BROKEN)
  })

  it('killed under an open page and started again, tells it to ask for everything', async () => {
    const first = await start('0')
    const store = openDirectoryStore(join(data, 'demo'))
    const page = readEvents(await fetch(`${first.url}/api/live`))
    const heard = page.next()
    let seconds = 60
    const changing = setInterval(
      () => void addSilence(store, { alarm: '*', from: NOW, seconds: ++seconds, by: 't', why: 't' }),
      300,
    )
    onTestFinished(() => clearInterval(changing))
    // Beside what the silences change, the server tells once of what it has read ahead.
    const alarms = { resync: false, topics: expect.arrayContaining(['alarms']) }
    expect(await heard).toMatchObject({ data: alarms })
    await first.cli.stop('SIGKILL')
    await expect(untilBroken(page)).rejects.toThrow(BROKEN)
    const again = await start(new URL(first.url).port)
    const headers = { 'last-event-id': page.lastId ?? '' }
    const back = readEvents(await fetch(`${again.url}/api/live`, { headers }))
    expect(await back.next()).toMatchObject({ data: { resync: true } })
    expect(await back.next()).toMatchObject({ data: alarms })
  })

  it('does not wait for ever for somebody who never ends a request', async () => {
    const { url } = await start('0')
    const { port } = new URL(url)
    const ended = new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /api/session HTTP/1.1\r\nHost: localhost\r\nX-Slow: '),
      )
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
    })
    expect(await ended).toMatch(/^HTTP\/1\.1 408 /)
    expect((await fetch(`${url}/api/session`)).status).toBe(200)
  })

  it('writes a snapshot, and nothing where the pages are not those of this version', async () => {
    const site = join(await makeTempDir(), 'site')
    onTestFinished(() => rm(dirname(site), { recursive: true, force: true }))
    const written = lastJson(
      await mustRun([
        'dashboard',
        'export',
        site,
        '--data-dir',
        data,
        '--city',
        'demo',
        '--hours',
        '1',
        '--json',
      ]),
    )
    expect(written).toMatchObject({ folder: site, answers: expect.any(Number) })
    expect(await readdir(join(site, 'data'))).toEqual(['cities', 'cities.json', 'session.json'])
    expect((await readdir(dirname(site))).filter((name) => name !== 'site')).toEqual([])
    const refused = await runCli(['dashboard', 'export', data, '--data-dir', data, '--city', 'demo'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('holds something else')])
  })

  it('says what is wrong with a port that is taken, a city that is none, and a lake that is not there', async () => {
    const { url } = await start('0')
    const port = new URL(url).port
    const taken = await runCli(['dashboard', '--data-dir', data, '--port', port, '--city', 'demo'])
    expect([taken.code, taken.stderr]).toEqual([3, expect.stringContaining('Name another --port')])
    expect((await runCli(['dashboard', '--data-dir', data, '--city', '../x'])).code).toBe(2)
    const absent = startCli(['dashboard', '--data-dir', data, '--port', '0', '--city', 'demo,oslo'])
    onTestFinished(async () => void (await absent.stop('SIGKILL')))
    const [, other = ''] = await absent.printed(/at (http:\S+?);/)
    const { cities } = (await (await fetch(`${other}/api/cities`)).json()) as {
      cities: { name: string; problem: string | null }[]
    }
    expect(cities).toMatchObject([
      { name: 'demo', problem: null },
      { name: 'oslo', problem: expect.stringContaining('no lake') },
    ])
  })
})
