import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../../core/errors.ts'
import { parseFeedUrl, shownUrl } from './feed-url.ts'
import { type FetchFailure, failureOfError } from './fetch-failure.ts'
import { exchange, type FetchedDocument, type KnownDocument, openDispatcher } from './http-exchange.ts'
import { isPrivateAddress, type Resolve, systemResolve } from './private-address.ts'

/** Fetches documents of feeds over http and https. */
export interface FeedClient {
  /**
   * The document behind `url`, or 'not_modified' when it is still the one that `known` names.
   * Rejects with UNAVAILABLE (what was asked, the status or the error, how often it was tried), with BAD_INPUT for a URL
   * that cannot be fetched at all, with CANCELLED once the signal is aborted.
   */
  fetch(url: string, known?: KnownDocument): Promise<FetchedDocument | 'not_modified'>
  /** Ends open connections; what is under way fails. */
  close(): Promise<void>
}

/** How a client fetches. */
export interface FeedClientOptions {
  /** Take documents from private, loopback and link-local addresses as well. */
  readonly allowPrivate: boolean
  /** Addresses that are taken though private, such as that of a feed served by this program. */
  readonly allowedAddresses?: readonly string[]
  /** Limit of one attempt: connecting, headers, redirects and body together. Default 30 s. */
  readonly timeoutMs?: number
  /** Limit of a body, as received and as decompressed. Default 64 MiB. */
  readonly maxBytes?: number
  /** Attempts after the first, for 408, 425, 429, 5xx and errors of the network. Default 3. */
  readonly retries?: number
  readonly signal?: AbortSignal
  /** Waits between attempts. Default: the given time, less when the signal is aborted. */
  readonly wait?: (ms: number) => Promise<void>
  /** Chance in [0, 1) that spreads the pauses of many clients (full jitter). Without it the pauses are the longest. */
  readonly random?: () => number
  /** Address of an HTTP proxy, e.g. "http://proxy:3128". */
  readonly proxy?: string | undefined
  /** Looks host names up. Default: as the machine does. */
  readonly resolve?: Resolve
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000

/**
 * Opens a client. Pauses between attempts grow from 0.5 s, doubling, to 15 s, each multiplied by chance; a server's
 * Retry-After is honoured up to 30 s. Throws CONFIG for a proxy address that is none.
 */
export function openFeedClient(options: FeedClientOptions): FeedClient {
  const { signal, random = () => 1, timeoutMs = 30_000, retries = 3 } = options
  const allowed = new Set(options.allowedAddresses)
  const refuses = (address: string) =>
    !options.allowPrivate && !allowed.has(address) && isPrivateAddress(address)
  const dispatcher = openDispatcher({
    resolve: options.resolve ?? systemResolve,
    refuses,
    timeoutMs,
    proxy: options.proxy,
  })
  const how = { dispatcher, refuses, maxBytes: options.maxBytes ?? 64 * 1024 * 1024 }
  const wait = options.wait ?? ((ms) => sleep(ms, undefined, signal === undefined ? {} : { signal }))

  async function attempt(target: URL, known: KnownDocument): Promise<FetchedDocument | 'not_modified'> {
    const limit = new AbortController()
    const abort = () => limit.abort()
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      limit.abort()
    }, timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await exchange(how, target, known, limit.signal)
    } catch (error) {
      throw failureOfError(error, timeoutMs, timedOut)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  async function fetch(url: string, known: KnownDocument = {}): Promise<FetchedDocument | 'not_modified'> {
    const target = parseFeedUrl(url)
    for (let attempts = 1; ; attempts++) {
      if (signal?.aborted === true) throw cancelled(url)
      try {
        return await attempt(target, known)
      } catch (error) {
        if (isAborted(signal)) throw cancelled(url)
        const failure = error as FetchFailure
        if (!failure.retry || attempts > retries) throw unavailable(url, failure, attempts)
        const pause = random() * Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
        await wait(Math.max(Math.round(pause), failure.retryAfterMs)).catch((reason: unknown) => {
          throw isAborted(signal) ? cancelled(url) : reason
        })
      }
    }
  }

  return { fetch, close: () => dispatcher.destroy() }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function cancelled(url: string): OperatorError {
  return new OperatorError('CANCELLED', `Fetching ${shownUrl(url)} was cancelled`)
}

function unavailable(url: string, failure: FetchFailure, attempts: number): OperatorError {
  const tried = attempts === 1 ? '' : ` (tried ${attempts} times)`
  return new OperatorError(
    'UNAVAILABLE',
    `${shownUrl(url)} ${failure.message}${tried}`,
    failure.hint,
    failure,
  )
}
