import { canonicalJson, sha256 } from '../../core/hash.ts'
import { OperatorError } from '../../core/errors.ts'
import { dsOf, dsRange } from '../../core/time.ts'
import type { MetricDatum, MetricStore, ObjectStore } from '../ports.ts'

const NAME_DIGITS = 32

/**
 * Metrics as objects `metrics/NAMESPACE/ds=D/HASH.jsonl`, a JSON line a datum, D the UTC day of its time; `/` in a
 * namespace is written `%2F`. Each put makes one whole object a day, named by its content: so no line is ever torn, and
 * the same data put twice count once. A value that is not finite, or a time that is no whole second, is BAD_INPUT.
 */
export function openMetricFiles(store: ObjectStore): MetricStore {
  return {
    async putMetricData(namespace, data) {
      for (const datum of data) check(datum)
      const days = new Map<string, string>()
      for (const datum of data) {
        const ds = dsOf(datum.Timestamp)
        days.set(ds, `${days.get(ds) ?? ''}${canonicalJson(datum)}\n`)
      }
      for (const [ds, body] of days)
        await store.put(`${dayPrefix(namespace, ds)}${sha256(body).slice(0, NAME_DIGITS)}.jsonl`, body)
    },

    async datapoints({ namespace, metricName, dimensions, from, to }) {
      const wanted = canonicalJson(dimensions)
      const found: MetricDatum[] = []
      for (const ds of dsRange(from, to))
        for await (const { key } of store.list(dayPrefix(namespace, ds)))
          for (const datum of parse(key, await store.get(key)))
            if (
              datum.MetricName === metricName &&
              datum.Timestamp > from &&
              datum.Timestamp <= to &&
              canonicalJson(datum.Dimensions) === wanted
            )
              found.push(datum)
      return found.sort((a, b) => a.Timestamp - b.Timestamp)
    },
  }
}

const dayPrefix = (namespace: string, ds: string): string =>
  `metrics/${encodeURIComponent(namespace)}/ds=${ds}/`

function check(datum: MetricDatum): void {
  const wrong = (what: string): OperatorError =>
    new OperatorError(
      'BAD_INPUT',
      `metric ${datum.MetricName}: ${what}`,
      'Put a datum only where there is a figure.',
    )
  if (!Number.isFinite(datum.Value)) throw wrong(`its value is ${datum.Value}`)
  if (!Number.isSafeInteger(datum.Timestamp)) throw wrong(`its time is ${datum.Timestamp}`)
}

function parse(key: string, object: { body: Uint8Array } | undefined): MetricDatum[] {
  if (!object) return []
  try {
    return new TextDecoder()
      .decode(object.body)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as MetricDatum)
  } catch (error) {
    throw new OperatorError('CORRUPT', `${key} is damaged`, 'Remove it; its datapoints are lost.', error)
  }
}
