import { OperatorError } from '../../core/errors.ts'
import { cleanText } from './text.ts'

const MAX_URL_LENGTH = 4096

/**
 * The URL of a feed, relative to `base` when it is relative. Throws BAD_INPUT when it is none, longer than 4,096 characters,
 * or of another scheme than http and https.
 */
export function parseFeedUrl(text: string, base?: string): URL {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text, base) ? new URL(text, base) : undefined
  if (url === undefined) {
    throw new OperatorError('BAD_INPUT', `"${shownUrl(text)}" is not a URL`, 'Write it as https://HOST/PATH.')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OperatorError(
      'BAD_INPUT',
      `"${shownUrl(url.href)}" cannot be fetched: feeds live behind http or https, not ${cleanText(url.protocol, 20)}`,
      'For files on disk use `bikeshare import`.',
    )
  }
  return url
}

/**
 * A URL as it may be shown and logged: no user name, no password, the names of query parameters without their values,
 * at most 300 characters.
 */
export function shownUrl(text: string): string {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) {
    return cleanText(text.replace(/^([^/?#]{0,20}\/\/)[^/?#]*@/, '$1').replace(/[?#][^]*$/, ''), 300)
  }
  const url = new URL(text)
  const query = [...url.searchParams.keys()].map((key) => `${cleanText(key, 40)}=…`).join('&')
  const origin = url.pathname.startsWith('/') ? `${url.protocol}//${url.host}` : url.protocol
  return cleanText(`${origin}${url.pathname}${query === '' ? '' : `?${query}`}`, 300)
}
