import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import { canonicalJson } from '../../../core/hash.ts'
import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import { MAX_SPREAD_SECONDS, putKey } from './keys.ts'
import { storedDatum, type StoredDatum } from './series.ts'

/** What one put stored. */
export interface PutObject {
  readonly key: string
  /** Its data are parts of a whole; see SeriesName. */
  readonly parts: boolean
  readonly data: readonly StoredDatum[]
}

/**
 * The objects of a put: a JSON line a datum, after a line `{"part": …}` for a part. It is one object, so that the put is there
 * whole or not at all; only data further apart than a clock would let through are an object a day.
 */
export function encodePut(
  namespace: string,
  data: readonly MetricDatum[],
  part?: string,
): { key: string; body: string }[] {
  const span = spanOf(data)
  if (span.to - span.from <= MAX_SPREAD_SECONDS) return [encodeOne(namespace, data, span, part)]
  const days = new Map<string, MetricDatum[]>()
  for (const datum of data) {
    const ds = dsOf(datum.Timestamp)
    days.set(ds, [...(days.get(ds) ?? []), datum])
  }
  return [...days.values()].map((day) => encodeOne(namespace, day, spanOf(day), part))
}

function encodeOne(
  namespace: string,
  data: readonly MetricDatum[],
  { from, to }: Span,
  part: string | undefined,
): { key: string; body: string } {
  const head = part === undefined ? '' : `${JSON.stringify({ part })}\n`
  const body = head + data.map((datum) => `${canonicalJson(datum)}\n`).join('')
  return { key: putKey(namespace, from, to, body), body }
}

interface Span {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
}

function spanOf(data: readonly MetricDatum[]): Span {
  const times = data.map(({ Timestamp }) => Timestamp)
  return { from: Math.min(...times), to: Math.max(...times) }
}

/** Reads it back; CORRUPT when it is damaged. */
export function decodePut(key: string, body: Uint8Array): PutObject {
  try {
    const lines = new TextDecoder().decode(body).split('\n')
    if (lines.pop() !== '') throw new Error('its last line is torn')
    const records = lines.map((line) => JSON.parse(line) as MetricDatum | { part: string })
    const parts = records[0] !== undefined && 'part' in records[0]
    const data = records.slice(parts ? 1 : 0) as MetricDatum[]
    return { key, parts, data: data.map((datum) => checked(storedDatum(datum, parts))) }
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is damaged`, 'Remove it; its metrics are lost.', error)
  }
}

function checked(datum: StoredDatum): StoredDatum {
  const { series, t, v } = datum
  if (typeof series.MetricName !== 'string' || typeof t !== 'number' || Number.isNaN(v))
    throw new Error('a line is no datum')
  return datum
}
