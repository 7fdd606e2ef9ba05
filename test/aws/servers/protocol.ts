import { gunzipSync } from 'node:zlib'
import { cbor, dateToTag, tagSymbol } from '@smithy/core/cbor'

/** A refusal as AWS names it. */
export class AwsRefusal extends Error {
  override readonly name: string
  readonly status: number

  constructor(name: string, message: string, status = 400) {
    super(message)
    this.name = name
    this.status = status
  }
}

/** A call as it came: JSON 1.0 or 1.1 by X-Amz-Target, or RPC v2 with CBOR by its path. */
export interface AwsCall {
  readonly operation: string
  /** Times are epoch seconds. */
  readonly input: unknown
  readonly speaks: 'json' | 'cbor'
}

interface HttpCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Reads a call; the body may be compressed, as the SDKs send larger ones. */
export function readCall({ url, headers, body }: HttpCall): AwsCall {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const path = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(url)
  if (path?.[1] !== undefined) {
    if (headers['smithy-protocol'] !== 'rpc-v2-cbor')
      throw new AwsRefusal('UnknownOperationException', 'smithy-protocol is not rpc-v2-cbor', 404)
    const input = bytes.length === 0 ? {} : withoutTags(cbor.deserialize(bytes))
    return { operation: path[1], input, speaks: 'cbor' }
  }
  const target = String(headers['x-amz-target'] ?? '')
  const operation = target.slice(target.lastIndexOf('.') + 1)
  if (operation === '')
    throw new AwsRefusal('UnknownOperationException', 'there is neither X-Amz-Target nor a path', 404)
  return {
    operation,
    input: bytes.length === 0 ? {} : (JSON.parse(bytes.toString('utf8')) as unknown),
    speaks: 'json',
  }
}

/** An answer of HTTP. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** `output` has Dates where the API has timestamps. */
export function writeAnswer(speaks: AwsCall['speaks'], output: unknown): HttpAnswer {
  return encoded(speaks, 200, output ?? {}, {})
}

export function writeRefusal(speaks: AwsCall['speaks'], refusal: AwsRefusal): HttpAnswer {
  const { name, message, status } = refusal
  const fault = status < 500 ? 'Sender' : 'Receiver'
  // CloudWatch was a query API once: its clients read the old code of an error from this header.
  const code = name.replace(/(Exception|Fault)$/, '')
  const headers = { 'x-amzn-errortype': name, 'x-amzn-query-error': `${code};${fault}` }
  return encoded(speaks, status, { __type: name, message, Message: message }, headers)
}

function encoded(
  speaks: AwsCall['speaks'],
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): HttpAnswer {
  if (speaks === 'cbor')
    return {
      status,
      headers: { ...headers, 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      body: Buffer.from(cbor.serialize(mapDates(value, dateToTag))),
    }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(mapDates(value, (date) => Number(date) / 1000))),
  }
}

function mapDates(value: unknown, map: (date: Date) => unknown): unknown {
  if (value instanceof Date) return map(value)
  if (Array.isArray(value)) return value.map((each) => mapDates(each, map))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, mapDates(each, map)]),
    )
  return value
}

/** A timestamp is a tagged number. */
function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags)
  if (value === null || typeof value !== 'object') return value
  if (tagSymbol in value) return withoutTags((value as unknown as { value: unknown }).value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTags(each)]))
}
