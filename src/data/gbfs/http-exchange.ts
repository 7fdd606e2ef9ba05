import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { OperatorError } from '../../core/errors.ts'
import { ACCEPTED_ENCODINGS, readBounded, TooLargeError } from './bounded-body.ts'
import { parseFeedUrl, shownUrl } from './feed-url.ts'
import { FetchFailure, failureOfStatus } from './fetch-failure.ts'
import { checkHost, guardedLookup, type Resolve } from './private-address.ts'
import { cleanText } from './text.ts'

/** What is known of a document already: the tags of its last answer. */
export interface KnownDocument {
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
}

/** A document as received, decompressed. */
export interface FetchedDocument {
  /** Where it came from in the end, after redirects; without user name and password. */
  readonly url: string
  readonly body: Uint8Array
  readonly etag?: string
  readonly lastModified?: string
}

/** How one exchange is made. */
export interface Exchange {
  readonly dispatcher: Dispatcher
  readonly refuses: (address: string) => boolean
  readonly maxBytes: number
}

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Connections that look every host name up through the guard; by a proxy, its own rules decide where a name leads. */
export function openDispatcher(o: {
  readonly resolve: Resolve
  readonly refuses: (address: string) => boolean
  readonly timeoutMs: number
  readonly proxy: string | undefined
}): Dispatcher {
  const times = { headersTimeout: o.timeoutMs, bodyTimeout: o.timeoutMs }
  if (o.proxy !== undefined) {
    if (!URL.canParse(o.proxy) || !/^https?:$/.test(new URL(o.proxy).protocol)) {
      throw new OperatorError(
        'CONFIG',
        `"${shownUrl(o.proxy)}" is no proxy address`,
        'Write it as http://HOST:PORT.',
      )
    }
    return new ProxyAgent({ uri: o.proxy, ...times })
  }
  const lookup = guardedLookup(o.resolve, o.refuses)
  return new Agent({ ...times, connect: { lookup, timeout: o.timeoutMs } })
}

/**
 * One GET, following up to 5 redirects, each of which is checked as the first address was. Credentials in the URL become
 * an Authorization header, for the same origin only. Rejects with FetchFailure, TooLargeError, PrivateAddressError or
 * whatever the connection ended with.
 */
export async function exchange(
  how: Exchange,
  target: URL,
  known: KnownDocument,
  signal: AbortSignal,
): Promise<FetchedDocument | 'not_modified'> {
  let at = target
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    checkHost(at, how.refuses)
    const answer = await request(withoutUser(at), {
      dispatcher: how.dispatcher,
      signal,
      headers: headersFor(at.origin === target.origin ? target : undefined, known),
    })
    const location = one(answer.headers['location'])
    if (!REDIRECTS.has(answer.statusCode) || location === undefined) {
      return await receive(how, answer, at, known)
    }
    discard(answer.body)
    at = redirectTarget(location, at)
  }
  throw new FetchFailure(`redirects more than ${MAX_REDIRECTS} times`, {
    retry: false,
    hint: 'Open the address in a browser and give the one it ends at.',
  })
}

async function receive(
  how: Exchange,
  answer: Dispatcher.ResponseData,
  at: URL,
  known: KnownDocument,
): Promise<FetchedDocument | 'not_modified'> {
  const { statusCode, headers, body } = answer
  if (statusCode === 304 && (known.etag ?? known.lastModified) !== undefined) {
    discard(body)
    return 'not_modified'
  }
  if (statusCode !== 200) {
    const says = await startOf(body, headers['content-encoding'])
    throw failureOfStatus(
      statusCode,
      { retryAfter: one(headers['retry-after']), date: one(headers['date']) },
      says,
    )
  }
  const announced = Number(one(headers['content-length']) ?? 0)
  if (announced > how.maxBytes) {
    discard(body)
    throw new TooLargeError(`${announced} bytes announced, ${how.maxBytes} allowed`)
  }
  const content = await readBounded(body, one(headers['content-encoding']), how.maxBytes)
  const [etag, lastModified] = [one(headers['etag']), one(headers['last-modified'])]
  return {
    url: withoutUser(at).href,
    body: content,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  }
}

function headersFor(credentials: URL | undefined, known: KnownDocument): Record<string, string> {
  const user = credentials === undefined ? '' : `${credentials.username}:${credentials.password}`
  return {
    accept: 'application/json, */*;q=0.5',
    'accept-encoding': ACCEPTED_ENCODINGS,
    'user-agent': 'bikeshare/0.1 (GBFS client)',
    ...(user.length > 1 ? { authorization: `Basic ${Buffer.from(decoded(user)).toString('base64')}` } : {}),
    ...(known.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  }
}

function redirectTarget(location: string, from: URL): URL {
  try {
    return parseFeedUrl(location, from.href)
  } catch (error) {
    throw new FetchFailure(`redirects to "${shownUrl(location)}", which cannot be fetched`, {
      retry: false,
      hint: 'Feeds live behind http or https; open the address in a browser and give the one it ends at.',
      cause: error,
    })
  }
}

/** What an error page says, in a few words; nothing when it is HTML or compressed. */
async function startOf(body: Readable, encoding: unknown): Promise<string> {
  let text = ''
  if (encoding === undefined) {
    for await (const chunk of body) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8')
      if (text.length > 300) break
    }
  }
  discard(body)
  return text.trimStart().startsWith('<') ? '' : cleanText(text, 160)
}

/** Gives a body up; its connection is closed rather than read to an end that may never come. */
function discard(body: Readable): void {
  body.on('error', () => {})
  body.destroy()
}

function withoutUser(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.hash = ''
  return bare
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
