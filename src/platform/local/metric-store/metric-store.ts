import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { DAY_SECONDS, HOUR_SECONDS, type Clock } from '../../../core/time.ts'
import type { MetricStore, ObjectStore } from '../../ports.ts'
import { openArchive } from './archive.ts'
import { checkData } from '../../../core/metric-rules.ts'
import { listMetrics } from './list-metrics.ts'
import { maintainMetrics } from './maintain.ts'
import { encodePut } from './put-object.ts'
import { answerQueries } from './queries.ts'
import { openWindow } from './window.ts'

/** The port, and a put for those who measure a thing in parts. */
export interface LocalMetricStore extends MetricStore {
  /**
   * Takes data that are parts of a whole: where two parts say the same, it happened twice. `part` names the part, so that the
   * same one put again counts once; nobody else may use the name.
   */
  putPart(namespace: string, data: readonly MetricDatum[], part: string): Promise<void>
}

/**
 * CloudWatch's metrics in objects. A put is one small object of JSON lines, `metrics/NAMESPACE/ds=D/FROM-TO-HASH.jsonl`,
 * named by its content, so that it is there whole or not at all, and twice is once. `maintain` merges them into one
 * block a day, by columns, and aggregates blocks as they age. Without a `clock` a datum may be of any time.
 */
export function openMetricStore(parts: {
  readonly store: ObjectStore
  readonly clock?: Clock
}): LocalMetricStore {
  const { store, clock } = parts
  const archive = openArchive(store)
  const settled = new Map<string, number>()
  const put = async (namespace: string, data: readonly MetricDatum[], part?: string): Promise<void> => {
    checkData(namespace, data, clock?.())
    if (data.length === 0) return
    for (const { key, body } of encodePut(namespace, data, part)) await store.put(key, body)
  }
  /** No put is of a later time; a day more, for a clock that was set back. */
  const newest = (): number | undefined => clock && clock() + DAY_SECONDS + 2 * HOUR_SECONDS

  return {
    putMetricData: (namespace, data) => put(namespace, data),
    putPart: put,
    getMetricData: ({ MetricDataQueries, StartTime, EndTime }) =>
      answerQueries(MetricDataQueries, StartTime, EndTime, (namespace, from, to) =>
        openWindow(archive, { namespace, from, to, newest: newest() }),
      ),
    listMetrics: (filter = {}) => listMetrics({ store, archive }, filter, clock?.()),
    maintain: (now) => maintainMetrics({ store, archive, settled }, now),
  }
}
