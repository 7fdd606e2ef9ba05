import { InferenceError } from './inference-error.ts'
import { quoted } from './rows.ts'

/** The formats that the server reads and writes. */
export const MEDIA_TYPES = ['text/csv', 'application/json'] as const
export type MediaType = (typeof MEDIA_TYPES)[number]

/** Both formats are ASCII in all that matters; other character sets would read differently. */
const CHARSETS = ['utf-8', 'utf8', 'us-ascii', 'ascii']

/** The format of a request body. Throws InferenceError 415 for a type or character set that is not read. */
export function contentTypeOf(header: string | undefined): MediaType {
  if (header === 'text/csv') return 'text/csv'
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase())
  const found = MEDIA_TYPES.find((known) => known === type)
  if (!found)
    throw new InferenceError(
      415,
      `the content type ${header === undefined ? 'is missing' : `${quoted(header)} is not read`}; ` +
        'send text/csv without a header, or application/json with dataframe_split',
    )
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim().replaceAll('"', ''))
    if (name === 'charset' && !CHARSETS.includes(value))
      throw new InferenceError(415, `the character set ${quoted(value)} is not read; send UTF-8`)
  }
  return found
}

/**
 * The format to answer in: the one with the highest `q` in an Accept header, the first among equals; `fallback` where any
 * will do. Throws InferenceError 406 when none can be written.
 */
export function acceptedType(header: string | undefined, fallback: MediaType): MediaType {
  if (header === undefined || header === '' || header === '*/*') return fallback
  let best: MediaType | undefined
  let bestQuality = 0
  for (const part of header.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const type = typeOfRange(range, fallback)
    const quality = qualityOf(parameters)
    if (type !== undefined && quality > bestQuality) {
      best = type
      bestQuality = quality
    }
  }
  if (best !== undefined) return best
  throw new InferenceError(406, `cannot answer in ${quoted(header)}; accept text/csv or application/json`)
}

function typeOfRange(range: string, fallback: MediaType): MediaType | undefined {
  if (range === '*/*' || range === '*') return fallback
  if (range === 'text/*') return 'text/csv'
  if (range === 'application/*') return 'application/json'
  return MEDIA_TYPES.find((type) => type === range)
}

function qualityOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  if (q === undefined) return 1
  const value = Number(q.slice(2))
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0
}
