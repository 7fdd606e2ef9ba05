import { mkdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  HOSTILE_NAMES,
  openDashboardLake,
  openShownLake,
  serveLakes,
  tokenOf,
  type DashboardLake,
  type Served,
} from '../../../test/support/dashboard.ts'
import { makeTempDir, tempDir } from '../../../test/support/temp-dir.ts'
import { revokeToken } from '../../operations/access/tokens.ts'

let lake: DashboardLake
let served: Served
let pages: string
beforeAll(async () => {
  lake = await openDashboardLake()
  pages = await makeTempDir()
  await mkdir(join(pages, 'assets'))
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(pages, 'assets', 'app-1a2b3c4d.js'), `// ${'x'.repeat(5000)}`)
  await writeFile(join(pages, '.hidden'), 'secret')
  served = await serveLakes([lake], { webRoot: pages })
})
afterAll(async () => {
  await served.close()
  await lake.close()
  await rm(pages, { recursive: true, force: true })
})

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
const silence = { action: 'silence', alarm: '*', hours: 1, why: 'a trial' }

describe('who may ask what', () => {
  it('lets anyone on loopback look, and nobody change anything', async () => {
    expect(await (await served.ask('/api/session')).json()).toMatchObject({ access: 'viewer', name: null })
    expect((await served.ask('/api/cities/demo/state')).status).toBe(200)
    const refused = await served.ask('/api/cities/demo/actions', {
      json: {},
      headers: { origin: served.server.url },
    })
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({
      error: { code: 'UNAUTHENTICATED', hint: expect.stringContaining('Sign in') },
    })
  })

  it('takes an operator’s token, and neither a viewer’s, a revoked nor a made-up one', async () => {
    const change = async (token: string): Promise<number> =>
      (await served.ask('/api/cities/demo/actions/preview', { json: silence, headers: bearer(token) })).status
    expect(await change(await tokenOf(lake, 'operator', 'ann'))).toBe(200)
    expect(await change(await tokenOf(lake, 'viewer', 'van'))).toBe(403)
    const gone = await tokenOf(lake, 'operator', 'gone')
    await revokeToken(lake.platform.store, 'gone', 1)
    expect(await change(gone)).toBe(401)
    expect(await change('bks_000000000000_x')).toBe(401)
  })

  it('signs in for a cookie that no script reads, and out again', async () => {
    const token = await tokenOf(lake, 'operator', 'bo')
    const origin = served.server.url
    expect((await served.ask('/api/session', { json: { token: 'wrong' }, headers: { origin } })).status).toBe(
      401,
    )
    const signedIn = await served.ask('/api/session', { json: { token }, headers: { origin } })
    expect(await signedIn.json()).toMatchObject({ access: 'operator', name: 'bo', city: 'demo' })
    const header = signedIn.headers.get('set-cookie') ?? ''
    expect(header).toMatch(/; Path=\/api; HttpOnly; SameSite=Strict$/)
    expect(header).not.toContain(token.slice(-64))
    const cookie = header.split(';')[0] ?? ''
    const preview = (headers: Record<string, string>) =>
      served.ask('/api/cities/demo/actions/preview', { json: silence, headers: { cookie, ...headers } })
    expect((await preview({ origin })).status).toBe(200)
    for (const headers of [{}, { origin: 'http://evil.example' }, { origin: 'http://127.0.0.1:1' }])
      expect((await preview(headers)).status).toBe(403)
    const out = await served.ask('/api/session', { method: 'DELETE', headers: { cookie, origin } })
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await preview({ origin })).status).toBe(401)
  })

  it('ends a session when its token is revoked', async () => {
    const token = await tokenOf(lake, 'operator', 'eve')
    const origin = served.server.url
    const signedIn = await served.ask('/api/session', { json: { token }, headers: { origin } })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    await revokeToken(lake.platform.store, 'eve', 1)
    const refused = await served.ask('/api/cities/demo/actions', { json: {}, headers: { cookie, origin } })
    expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('revoked')])
    expect(await (await served.ask('/api/session', { headers: { cookie } })).json()).toMatchObject({
      access: 'viewer',
    })
  })

  it('asks everyone for a token where the settings say so, but for the page and signing in', async () => {
    const closed = await serveLakes([lake], {
      config: { ...lake.config, dashboard: { ...lake.config.dashboard, require_token: true } },
    })
    onTestFinished(() => closed.close())
    for (const path of ['/api/cities', '/api/cities/demo/state', '/api/live'])
      expect([path, (await closed.ask(path)).status]).toEqual([path, 401])
    expect((await closed.ask('/api/session')).status).toBe(200)
    const token = await tokenOf(lake, 'viewer', 'desk')
    expect((await closed.ask('/api/cities/demo/state', { headers: bearer(token) })).status).toBe(200)
  })

  it('holds a token to the city whose lake knows it', async () => {
    const other = await openShownLake(join(await tempDir(), 'other'))
    onTestFinished(() => other.close())
    const two = await serveLakes([lake, { ...other, shown: { ...other.shown, name: 'other' } }])
    onTestFinished(() => two.close())
    const token = await tokenOf(lake, 'operator', 'cy')
    const refused = await two.ask('/api/cities/other/actions/preview', {
      json: silence,
      headers: bearer(token),
    })
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('of the city \\"demo\\"'),
    ])
  })
})

describe('what it answers', () => {
  it('says who may use its pages, and that nothing may frame or sniff them', async () => {
    const { headers } = await served.ask('/')
    const csp = headers.get('content-security-policy') ?? ''
    expect(csp).toContain("default-src 'self'")
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('answers 304 to whoever has it, and compresses', async () => {
    const first = await served.ask('/api/cities/demo/stations')
    const etag = first.headers.get('etag') ?? ''
    expect(await first.json()).toMatchObject({ name: expect.arrayContaining(Object.values(HOSTILE_NAMES)) })
    const again = await served.ask('/api/cities/demo/stations', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const script = await fetch(`${served.server.url}/assets/app-1a2b3c4d.js`, {
      headers: { 'accept-encoding': 'br' },
    })
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(script.headers.get('content-encoding')).toBe('br')
    expect(await script.text()).toHaveLength(5003)
  })

  it('gives the page for any path of a person, and no file that is not of the pages', async () => {
    for (const path of ['/', '/demo', '/demo/model?at=5'])
      expect(await (await served.ask(path)).text()).toContain('<title>page</title>')
    for (const path of [
      '/assets/none.js',
      '/api/none',
      '/.hidden',
      '/x.php',
      '/package.json',
      '/api/docs/../../package.json',
    ])
      expect((await served.ask(path)).status).toBeGreaterThanOrEqual(400)
    for (const path of [
      '/../package.json',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/..%2f.hidden',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/%00',
    ])
      expect(await raw(path)).not.toMatch(/^HTTP\/1\.1 200/)
  })

  it.each([
    ['/api/cities/demo/state?at=', 400],
    ['/api/cities/demo/state?at=1&at=2', 400],
    ['/api/cities/demo/state?at=NaN', 400],
    ['/api/cities/demo/state?at=1e400', 400],
    ['/api/cities/demo/state?at=-1', 400],
    ['/api/cities/demo/state?stage=%27%3B+drop', 400],
    ['/api/cities/demo/state?__proto__=1', 400],
    ['/api/cities/demo/top?n=100000', 400],
    ['/api/cities/demo/top?format=xlsx', 400],
    ['/api/cities/DEMO/state', 400],
    ['/api/cities/..%2f..%2fetc/state', 400],
    ['/api/cities/nope/state', 404],
    ['/api/cities/demo/stations/%3Cscript%3E', 404],
    ['/api/cities/demo/stations/..%2F..%2Fx', 404],
    [`/api/cities/demo/stations/${'x'.repeat(300)}`, 400],
    ['/api/cities/demo/incidents/..%2f..%2flake.json', 400],
    ['/api/live?city=nope', 404],
  ])('refuses %s with %i, and says why', async (path, status) => {
    const answer = await served.ask(path)
    const text = await answer.text()
    expect([answer.status, text]).toEqual([status, expect.stringContaining('"error"')])
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(text).not.toMatch(/node_modules|\.ts:|\/tmp\//)
  })

  it('refuses names that anybody can point here, bodies that are too large, and what is no JSON', async () => {
    expect(await raw('/api/session', 'Host: evil.example')).toMatch(/^HTTP\/1\.1 421/)
    expect(await raw('/healthz')).toMatch(/^HTTP\/1\.1 200/)
    const token = await tokenOf(lake, 'operator', 'di')
    const change = (body: string, type = 'application/json') =>
      fetch(`${served.server.url}/api/cities/demo/actions/preview`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, ...bearer(token) },
      })
    expect((await change(JSON.stringify({ ...silence, why: 'x'.repeat(2_000_000) }))).status).toBe(413)
    expect((await change(JSON.stringify({ ...silence, more: 1 }))).status).toBe(400)
    expect((await change('{')).status).toBe(400)
    expect((await change('action=silence', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect((await change(JSON.stringify(silence), 'text/plain')).status).toBe(415)
  })

  it('keeps to itself what nobody foresaw: the answer has an id, the log the rest', async () => {
    const lines: string[] = []
    const broken = {
      name: 'demo',
      platform: lake.platform,
      source: () => Promise.reject(new Error(`boom in ${lake.root}`)),
    }
    const bad = await serveLakes([{ ...lake, shown: broken }], {
      report: {
        info: () => {},
        warn: (line) => void lines.push(line),
        start: () => ({ update: () => {}, end: () => {} }),
      },
    })
    onTestFinished(() => bad.close())
    const answer = await bad.ask('/api/cities/demo/state')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toContain('boom')
    const id = /under (\w{12})/.exec(text)?.[1] ?? 'none'
    expect(lines.find((line) => line.startsWith(id))).toContain('boom')
  })

  it('slows down whoever asks too much, and guesses at tokens sooner', async () => {
    const strict = await serveLakes([lake], {
      config: { ...lake.config, dashboard: { ...lake.config.dashboard, requests_per_minute: 20 } },
    })
    onTestFinished(() => strict.close())
    const statuses: number[] = []
    for (let i = 0; i < 25; i++) statuses.push((await strict.ask('/api/cities')).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    const guesses: Response[] = []
    for (let i = 0; i < 12; i++)
      guesses.push(
        await served.ask('/api/session', {
          json: { token: `guess ${i}` },
          headers: { origin: served.server.url },
        }),
      )
    const last = guesses.at(-1)
    expect([last?.status, await last?.json()]).toEqual([
      429,
      expect.objectContaining({ error: expect.objectContaining({ code: 'RATE_LIMITED' }) }),
    ])
  })
})

describe('a lake that is not as it should be', () => {
  it.each([
    ['empty', undefined, /no lake here/],
    ['of a newer program', '{"format_version":99}', /format 99/],
    ['damaged', '{"format_version":', /lake\.json/],
  ])('is listed with what is wrong: %s', async (_, lakeJson, problem) => {
    const root = join(await tempDir(), 'demo')
    await mkdir(root)
    if (lakeJson !== undefined) await writeFile(join(root, 'lake.json'), lakeJson)
    const bad = await openShownLake(root)
    onTestFinished(() => bad.close())
    const one = await serveLakes([bad])
    onTestFinished(() => one.close())
    const { cities } = (await (await one.ask('/api/cities')).json()) as { cities: { problem: string }[] }
    expect(cities[0]?.problem).toMatch(problem)
    const answer = await one.ask('/api/cities/demo/state')
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await answer.text()).not.toContain(root)
  })
})

/** First bytes of what is answered to a request that fetch would not send. */
function raw(path: string, host = 'Host: 127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(served.server.url)
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`)
    })
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}
