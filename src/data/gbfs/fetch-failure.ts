import { messageOf } from '../../core/errors.ts'
import { TooLargeError, UnknownEncodingError } from './bounded-body.ts'
import { PrivateAddressError } from './private-address.ts'
import { cleanText } from './text.ts'

/** Longest pause that a server may ask for with Retry-After, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 30_000

/** Why one attempt to fetch a document failed, and whether another may do better. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure'
  readonly retry: boolean
  readonly hint: string
  /** The pause the server asked for, in milliseconds, at most 30 s. */
  readonly retryAfterMs: number

  constructor(message: string, o: { retry: boolean; hint: string; retryAfterMs?: number; cause?: unknown }) {
    super(message, o.cause === undefined ? undefined : { cause: o.cause })
    this.retry = o.retry
    this.hint = o.hint
    this.retryAfterMs = o.retryAfterMs ?? 0
  }
}

/** The failure that a status other than 200 and 304 stands for. */
export function failureOfStatus(
  status: number,
  headers: { readonly retryAfter: string | undefined; readonly date: string | undefined },
  says: string,
): FetchFailure {
  const retry = status === 408 || status === 425 || status === 429 || status >= 500
  const said = says === '' ? '' : `, saying "${says}"`
  return new FetchFailure(`answered with status ${status}${said}`, {
    retry,
    hint: hintOfStatus(status),
    retryAfterMs: retry ? retryAfterMs(headers.retryAfter, headers.date) : 0,
  })
}

/** The failure that any error of the network, the decompressor or the limits stands for. */
export function failureOfError(error: unknown, timeoutMs: number, timedOut: boolean): FetchFailure {
  if (error instanceof FetchFailure) return error
  if (timedOut) {
    return new FetchFailure(`did not answer in full within ${timeoutMs / 1000} s`, {
      retry: true,
      hint: 'Try again later, or raise ingest.timeout_seconds.',
      cause: error,
    })
  }
  const known = causes(error)
  const refused = known.find((e) => e instanceof PrivateAddressError)
  if (refused !== undefined) {
    return new FetchFailure(`is refused: ${messageOf(refused)}`, {
      retry: false,
      hint: 'If that feed is your own, set allow_private_feeds = true for the city in bikeshare.toml.',
      cause: error,
    })
  }
  if (error instanceof TooLargeError) {
    return new FetchFailure(`is too large: ${error.message}`, {
      retry: false,
      hint: 'Check that it is the right address, or raise ingest.max_megabytes.',
      cause: error,
    })
  }
  if (error instanceof UnknownEncodingError) {
    const hint = 'The server sends what was not asked for; tell the operator of the feed.'
    return new FetchFailure(error.message, { retry: false, hint, cause: error })
  }
  const codes = known.map((e) => (e as { code?: unknown }).code).filter((c) => typeof c === 'string')
  const certificate = codes.some((code) => /CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_SSL/.test(code))
  const why = cleanText(known.map(messageOf).find((text) => text !== '') ?? codes[0] ?? 'unknown error', 200)
  return new FetchFailure(`cannot be read: ${why}`, {
    retry: !certificate,
    hint: certificate
      ? 'Its certificate is not trusted here; check the address and the clock of this machine.'
      : hintOfCodes(codes),
    cause: error,
  })
}

/** An error, those in its `cause` chain and, of several connection attempts, each one's. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = []
  for (let e = error, depth = 0; e !== undefined && e !== null && depth < 8; depth++) {
    found.push(e)
    if (e instanceof AggregateError) found.push(...(e.errors as unknown[]).slice(0, 8))
    e = (e as { cause?: unknown }).cause
  }
  return found
}

function hintOfStatus(status: number): string {
  if (status === 401 || status === 403)
    return 'The feed may want a key in its address, or block this machine.'
  if (status === 404 || status === 410) return 'The feed may have moved; look its address up again.'
  if (status === 429) return 'The feed is asked too often; wait, and let only one process ask.'
  if (status >= 500) return 'The fault is on the server; try again later.'
  if (status === 304) return 'The server is confused about what is known here; try again later.'
  return 'Open the address in a browser to see what it answers.'
}

function hintOfCodes(codes: readonly string[]): string {
  if (codes.some((code) => code === 'ENOTFOUND' || code === 'EAI_AGAIN')) {
    return 'Check the spelling of the host name, and the network (`bikeshare doctor --online`).'
  }
  if (codes.includes('Z_BUF_ERROR') || codes.includes('Z_DATA_ERROR')) {
    return 'The server sends broken compression; try again later.'
  }
  return 'Check the network (`bikeshare doctor --online`), or try again later.'
}

/** Retry-After in seconds or as a date; a date is taken against the server's own, so that no clock is needed here. */
function retryAfterMs(text: string | undefined, date: string | undefined): number {
  if (text === undefined) return 0
  const seconds = /^\s*\d{1,9}\s*$/.test(text)
    ? Number(text)
    : (Date.parse(text) - Date.parse(date ?? '')) / 1000
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds * 1000, 0), MAX_RETRY_AFTER_MS)
}
