import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FaultFeed, openFaultFeed } from '../../../test/support/fault-feed.ts'
import { OperatorError } from '../../core/errors.ts'
import { type FeedClient, type FeedClientOptions, openFeedClient } from './feed-client.ts'
import { parseDiscovery } from './discovery.ts'
import { parseStatus } from './normalise.ts'
import { toGbfs } from './serialise.ts'

let feed: FaultFeed
const clients: FeedClient[] = []
const STATUS = '/station_status.json'
const document = JSON.stringify({
  last_updated: 1_700_000_000,
  ttl: 60,
  data: { stations: [] },
  pad: 'é'.repeat(5000),
})

beforeAll(async () => {
  feed = await openFaultFeed()
})
afterAll(() => feed.close())
afterEach(async () => {
  feed.heal()
  feed.requests.length = 0
  await Promise.all(clients.splice(0).map((client) => client.close()))
})

/** A client of the loopback server whose pauses are noted rather than waited. */
function open(options: Partial<FeedClientOptions> = {}): FeedClient & { pauses: number[] } {
  const pauses: number[] = []
  const client = openFeedClient({
    allowPrivate: true,
    wait: (ms) => {
      pauses.push(ms)
      return Promise.resolve()
    },
    ...options,
  })
  clients.push(client)
  return Object.assign(client, { pauses })
}

async function failure(promise: Promise<unknown>): Promise<OperatorError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof OperatorError) return error
  throw error instanceof Error ? error : new Error('did not fail')
}

async function body(client: FeedClient, path = STATUS): Promise<string> {
  const fetched = await client.fetch(feed.origin + path)
  return fetched === 'not_modified' ? fetched : Buffer.from(fetched.body).toString()
}

describe('fetching a document', () => {
  it('gives its bytes as they were before compression, and the tags to ask with next time', async () => {
    feed.publish(STATUS, document)
    const client = open()
    const first = await client.fetch(feed.origin + STATUS)
    if (first === 'not_modified') throw new Error('was known already')
    expect(Buffer.from(first.body).toString()).toBe(document)
    expect(first.url).toBe(feed.origin + STATUS)
    expect(await client.fetch(feed.origin + STATUS, first)).toBe('not_modified')
    feed.publish(STATUS, `${document} `)
    expect(await client.fetch(feed.origin + STATUS, first)).not.toBe('not_modified')
    expect(feed.requests.map((r) => r.headers['if-none-match'])).toEqual([undefined, first.etag, first.etag])
  })

  it('sends If-Modified-Since when only a date is known', async () => {
    feed.publish(STATUS, document)
    await open().fetch(feed.origin + STATUS, { lastModified: 'Tue, 14 Nov 2023 22:13:20 GMT' })
    expect(feed.requests[0]?.headers['if-modified-since']).toBe('Tue, 14 Nov 2023 22:13:20 GMT')
  })

  it('decompresses a file that is gzip though no header says so', async () => {
    feed.publish(STATUS, gzipSync(document))
    feed.fault(STATUS, { kind: 'content_type', type: 'application/gzip' })
    expect(await body(open())).toBe(document)
  })

  it('takes a document under any content type', async () => {
    feed.publish(STATUS, document)
    feed.fault(STATUS, { kind: 'content_type', type: 'text/html' })
    expect(await body(open())).toBe(document)
  })

  it('gives an HTML page with status 200 to the parser, which says what it is', async () => {
    feed.fault(STATUS, { kind: 'html' })
    const page = await body(open())
    expect(() => parseStatus(Buffer.from(page), feed.origin)).toThrow(
      /an HTML page \(though with status 200\)/,
    )
  })

  it('sends user name and password of the URL as a header, and shows them nowhere', async () => {
    feed.fault(STATUS, { kind: 'status', status: 403 })
    const url = `${feed.origin.replace('//', '//me:p%40ss@')}${STATUS}?token=hidden`
    const error = await failure(open().fetch(url))
    expect(feed.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
    expect(error.message).toBe(`${feed.origin}${STATUS}?token=… answered with status 403`)
    expect(JSON.stringify([error.message, error.hint])).not.toMatch(/hidden|p@ss|p%40ss/)
  })

  it('from a feed that is frozen is the same until the fault ends', async () => {
    feed.publish(STATUS, 'old')
    feed.fault(STATUS, { kind: 'frozen' })
    feed.publish(STATUS, 'new')
    const client = open()
    expect(await body(client)).toBe('old')
    feed.heal(STATUS)
    expect(await body(client)).toBe('new')
  })

  it('refuses what is no http or https URL', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'data:,x', 'gbfs.json', '', 'http://']) {
      expect([url, (await failure(open().fetch(url))).code]).toEqual([url, 'BAD_INPUT'])
    }
  })
})

describe('a system', () => {
  it.each(['1.1', '2.3', '3.0'] as const)(
    'served as GBFS %s is read from its discovery document on',
    async (version) => {
      const station = {
        station_id: 'a',
        num_bikes_available: 3,
        num_docks_available: 4,
        num_bikes_disabled: 0,
        num_docks_disabled: null,
        num_ebikes_available: 1,
        is_installed: true,
        is_renting: true,
        is_returning: false,
        last_reported: 1_700_000_000,
      }
      const snapshot = { last_updated: 1_700_000_030, ttl: 60, stations: [station] }
      feed.publishDiscovery(version, 1_700_000_030)
      feed.publish(STATUS, toGbfs(version, { kind: 'station_status', snapshot }))
      const url = `${feed.origin}/gbfs.json`
      const client = open()
      const { feeds } = parseDiscovery(Buffer.from(await body(client, '/gbfs.json')), url)
      const status = await client.fetch(feeds.station_status ?? '')
      if (status === 'not_modified') throw new Error('was known already')
      expect(parseStatus(status.body)).toEqual({ ...snapshot, version, quarantined: [] })
    },
  )
})

describe('a feed that fails for a while', () => {
  it.each([
    ['status 500', { kind: 'status', status: 500 }],
    ['status 503', { kind: 'status', status: 503 }],
    ['status 429', { kind: 'status', status: 429 }],
    ['truncated gzip', { kind: 'truncated_gzip' }],
    ['fewer bytes than announced', { kind: 'short_body' }],
    ['a reset connection', { kind: 'reset' }],
  ] as const)('with %s is asked again until it answers', async (_name, fault) => {
    feed.publish(STATUS, document)
    feed.fault(STATUS, fault, 2)
    expect(await body(open())).toBe(document)
    expect(feed.requests).toHaveLength(3)
  })

  it('is asked again after pauses that double and that chance shortens', async () => {
    feed.fault(STATUS, { kind: 'status', status: 502 })
    const longest = open({ retries: 7 })
    await failure(longest.fetch(feed.origin + STATUS))
    expect(longest.pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
    const values = [0, 0.25, 0.5]
    const chance = open({ random: () => values.shift() ?? 0 })
    await failure(chance.fetch(feed.origin + STATUS))
    expect(chance.pauses).toEqual([0, 250, 1000])
  })

  it('is given the time it asks for, up to 30 s', async () => {
    const asked = async (retryAfter: string) => {
      feed.fault(STATUS, { kind: 'status', status: 429, retryAfter })
      const client = open({ retries: 1, random: () => 0 })
      await failure(client.fetch(feed.origin + STATUS))
      return client.pauses[0]
    }
    expect(await asked('7')).toBe(7000)
    expect(await asked('86400')).toBe(30_000)
    expect(await asked('Fri, 31 Dec 2099 23:59:59 GMT')).toBe(30_000)
    expect(await asked('Sat, 01 Jan 2000 00:00:00 GMT')).toBe(0)
    expect(await asked('soon')).toBe(0)
  })

  it('is given up after the retries, saying what, where and how often', async () => {
    feed.fault(STATUS, { kind: 'status', status: 503, says: 'Down for\u0000maintenance' })
    const error = await failure(open({ retries: 2 }).fetch(feed.origin + STATUS))
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toBe(
      `${feed.origin}${STATUS} answered with status 503, saying "Down for maintenance" (tried 3 times)`,
    )
    expect(error.hint).toContain('try again later')
  })
})

describe('a feed that will not do better', () => {
  it.each([400, 401, 403, 404, 410])('with status %i is asked once', async (status) => {
    feed.fault(STATUS, { kind: 'status', status })
    const error = await failure(open().fetch(feed.origin + STATUS))
    expect([error.code, feed.requests.length]).toEqual(['UNAVAILABLE', 1])
    expect(error.message).toContain(`status ${status}`)
  })

  it('and answers 304 to a plain request is an error, not a document', async () => {
    feed.fault(STATUS, { kind: 'status', status: 304 })
    expect((await failure(open().fetch(feed.origin + STATUS))).message).toContain('status 304')
  })

  it('that is endless is cut at the limit', async () => {
    feed.fault(STATUS, { kind: 'endless_body' })
    const error = await failure(open({ maxBytes: 1_000_000 }).fetch(feed.origin + STATUS))
    expect(error.message).toContain('is too large: more than 1000000 bytes received')
    expect(feed.requests).toHaveLength(1)
  })

  it('that announces too much is not read', async () => {
    feed.publish(STATUS, document)
    feed.fault(STATUS, { kind: 'short_body' })
    const error = await failure(open({ maxBytes: 5000 }).fetch(feed.origin + STATUS))
    expect(error.message).toContain('bytes announced, 5000 allowed')
  })

  it('that is a bomb is cut at the limit after decompression', async () => {
    feed.fault(STATUS, { kind: 'gzip_bomb', megabytes: 64 })
    const error = await failure(open({ maxBytes: 4_000_000 }).fetch(feed.origin + STATUS))
    expect(error.message).toContain('is too large: more than 4000000 bytes decompressed')
  })

  it('that is a bomb without saying so is cut as well', async () => {
    feed.publish(STATUS, gzipSync(Buffer.alloc(8_000_000)))
    feed.fault(STATUS, { kind: 'content_type', type: 'application/json' })
    const error = await failure(open({ maxBytes: 4_000_000 }).fetch(feed.origin + STATUS))
    expect(error.message).toContain('more than 4000000 bytes decompressed')
  })

  it.each(['slow_loris', 'silent'] as const)('and is %s ends with the time limit, whole', async (kind) => {
    feed.fault(STATUS, { kind })
    const error = await failure(open({ timeoutMs: 150, retries: 1 }).fetch(feed.origin + STATUS))
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toContain('did not answer in full within 0.15 s (tried 2 times)')
  })

  it('and has no host, or nobody listening, is unavailable', async () => {
    const nobody = await failure(open().fetch('http://127.0.0.1:9/'))
    expect(nobody.message).toContain('ECONNREFUSED')
    const nowhere = await failure(
      open({
        retries: 0,
        resolve: (_host, _options, callback) =>
          callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []),
      }).fetch('http://feed.example.org/'),
    )
    expect(nowhere.hint).toContain('Check the spelling of the host name')
  })
})

describe('redirects', () => {
  it('are followed, five of them, relative ones too', async () => {
    feed.publish(STATUS, document)
    for (let i = 1; i <= 5; i++) {
      feed.fault(`/${i}`, {
        kind: 'redirect',
        location: i === 5 ? STATUS : `./${i + 1}`,
        status: [301, 302, 303, 307, 308][i - 1] ?? 302,
      })
    }
    const client = open()
    const fetched = await client.fetch(`${feed.origin}/1`)
    expect(fetched === 'not_modified' ? fetched : fetched.url).toBe(feed.origin + STATUS)
    feed.fault('/0', { kind: 'redirect', location: '/1' })
    expect((await failure(client.fetch(`${feed.origin}/0`))).message).toContain('redirects more than 5 times')
  })

  it('to another scheme are refused', async () => {
    feed.fault('/1', { kind: 'redirect', location: 'file:///etc/passwd' })
    const error = await failure(open().fetch(`${feed.origin}/1`))
    expect([error.code, error.message]).toEqual([
      'UNAVAILABLE',
      `${feed.origin}/1 redirects to "file:///etc/passwd", which cannot be fetched`,
    ])
  })

  it('take user name and password along to the same origin only', async () => {
    const other = await openFaultFeed()
    try {
      other.publish('/', document)
      feed.fault('/1', { kind: 'redirect', location: '/2' })
      feed.fault('/2', { kind: 'redirect', location: other.origin })
      await open().fetch(`${feed.origin.replace('//', '//me:secret@')}/1`)
      expect(feed.requests.map((r) => typeof r.headers.authorization)).toEqual(['string', 'string'])
      expect(other.requests.map((r) => r.headers.authorization)).toEqual([undefined])
    } finally {
      await other.close()
    }
  })
})

describe('private addresses', () => {
  it('are refused in the URL, however they are written', async () => {
    const client = open({ allowPrivate: false })
    for (const host of [
      '127.0.0.1',
      '0x7f000001',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '10.0.0.1',
    ]) {
      const error = await failure(client.fetch(`http://${host}/latest/meta-data`))
      expect(error.code).toBe('UNAVAILABLE')
      expect(error.message).toMatch(/is refused: .* is a private address/)
      expect(error.hint).toContain('allow_private_feeds = true')
    }
    expect(feed.requests).toHaveLength(0)
  })

  it('are refused behind a name', async () => {
    const { port } = new URL(feed.origin)
    feed.publish('/', document)
    const client = open({ allowPrivate: false })
    expect((await failure(client.fetch(`http://localhost:${port}/`))).message).toMatch(
      /is refused: localhost leads to (127\.0\.0\.1|::1), a private address/,
    )
    const rebinding = open({
      allowPrivate: false,
      resolve: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    expect((await failure(rebinding.fetch(`http://feed.example.org:${port}/`))).message).toContain(
      'a private address',
    )
    expect(feed.requests).toHaveLength(0)
  })

  it('are refused behind a redirect', async () => {
    const client = open({ allowPrivate: false, allowedAddresses: ['127.0.0.1'] })
    const targets = [
      'http://169.254.169.254/',
      'http://[::1]/',
      'http://10.0.0.1/',
      '//192.168.0.1/x',
      'http://127.0.0.2/',
    ]
    for (const location of targets) {
      feed.fault('/1', { kind: 'redirect', location })
      const error = await failure(client.fetch(`${feed.origin}/1`))
      expect(error.message).toMatch(/is refused: .* is a private address/)
    }
    expect(feed.requests).toHaveLength(targets.length)
  })

  it('are taken when allowed', async () => {
    feed.publish(STATUS, document)
    expect(await body(open({ allowPrivate: false, allowedAddresses: ['127.0.0.1'] }))).toBe(document)
    expect(await body(open({ allowPrivate: true }))).toBe(document)
  })
})

describe('cancelling', () => {
  it('ends a request under way', async () => {
    feed.fault(STATUS, { kind: 'silent' })
    const stop = new AbortController()
    const asked = failure(open({ signal: stop.signal }).fetch(feed.origin + STATUS))
    await expect.poll(() => feed.requests.length).toBe(1)
    stop.abort()
    expect((await asked).code).toBe('CANCELLED')
  })

  it('ends a pause, and asks nothing afterwards', async () => {
    feed.fault(STATUS, { kind: 'status', status: 503 })
    const stop = new AbortController()
    const client = openFeedClient({ allowPrivate: true, signal: stop.signal })
    clients.push(client)
    const asked = failure(client.fetch(feed.origin + STATUS))
    await expect.poll(() => feed.requests.length).toBe(1)
    stop.abort()
    expect((await asked).code).toBe('CANCELLED')
    expect((await failure(client.fetch(feed.origin + STATUS))).code).toBe('CANCELLED')
    expect(feed.requests).toHaveLength(1)
  })
})

describe('a proxy', () => {
  it('carries the requests', async () => {
    const asked: (string | undefined)[] = []
    const proxy = createServer()
    proxy.on('connect', (request, client, head) => {
      asked.push(request.url)
      const upstream = connect(Number(new URL(feed.origin).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        upstream.write(head)
        upstream.pipe(client).pipe(upstream)
      })
      upstream.on('error', () => client.destroy())
      client.on('error', () => upstream.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    try {
      feed.publish(STATUS, document)
      const uri = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
      const client = open({ allowPrivate: false, proxy: uri })
      const fetched = await client.fetch(`http://feed.example.org${STATUS}`)
      expect(fetched === 'not_modified' ? fetched : Buffer.from(fetched.body).toString()).toBe(document)
      expect(asked).toEqual(['feed.example.org:80'])
      expect((await failure(client.fetch('http://10.0.0.1/'))).message).toContain('is a private address')
      await client.close()
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  })

  it('with a senseless address is an error of the configuration', () => {
    expect(() => openFeedClient({ allowPrivate: true, proxy: 'nonsense' })).toThrow(/no proxy address/)
  })
})
