import type { MetricDatum } from '../../../core/contracts/cloudwatch.ts'
import { SAGEMAKER_NAMESPACE } from '../../../core/contracts/metrics.ts'
import { isOperatorError, messageOf } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import type { LocalMetricStore } from '../metric-store/metric-store.ts'
import { MinuteCounts, type CountedCall } from './minute-counts.ts'
import { uniqueId } from './unique-id.ts'

/** SageMaker's metrics of a host's requests, a minute at a time. It never fails a request, and writes behind it. */
export interface InvocationMetrics {
  count(call: CountedCall): void
  /** Writes what was counted so far, the minute under way too. */
  flush(): Promise<void>
  /** Writes everything; what cannot be written now is lost. */
  close(): Promise<void>
}

interface MetricsParts {
  /** Undefined where nobody wants metrics. */
  readonly metrics: Pick<LocalMetricStore, 'putPart'> | undefined
  readonly clock: Clock
  readonly random: () => number
  readonly report: Reporter
}

/** Data of one minute, or of a part of it, with the name that tells it from other parts that look the same. */
interface Part {
  readonly name: string
  readonly data: readonly MetricDatum[]
}

/** While the disk is full, so many parts wait; an hour's, when nobody flushes. */
const MAX_WAITING = 60
const MINUTE = 60

export function openInvocationMetrics(parts: MetricsParts): InvocationMetrics {
  const { metrics, clock, random, report } = parts
  let host: string | undefined
  let sequence = 0
  let counts: MinuteCounts | undefined
  let waiting: Part[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const seal = (): void => {
    if (!counts) return
    host ??= uniqueId(random)
    waiting.push({ name: `${host}-${sequence++}`, data: counts.data() })
    counts = undefined
  }
  const put = async ({ name, data }: Part): Promise<boolean> => {
    try {
      await metrics?.putPart(SAGEMAKER_NAMESPACE, data, name)
      return true
    } catch (error) {
      report.warn(`metrics of the endpoints cannot be written: ${messageOf(error)}`)
      // Too old by now: it will never be taken.
      return isOperatorError(error, 'BAD_INPUT')
    }
  }
  const writeWaiting = async (): Promise<void> => {
    while (waiting[0]) {
      if (!(await put(waiting[0]))) break
      waiting.shift()
    }
    const lost = waiting.length - MAX_WAITING
    if (lost <= 0) return
    waiting = waiting.slice(lost)
    report.warn(`metrics of ${lost} minutes of the endpoints are lost`)
  }
  const write = (): Promise<void> => {
    // One after another: a part that is being written is not begun again.
    writing = writing.then(writeWaiting)
    return writing
  }
  const minuteOf = (): number => Math.floor(clock() / MINUTE) * MINUTE
  const onMinute = (): void => {
    timer = undefined
    if (counts && counts.minute !== minuteOf()) seal()
    if (waiting.length > 0) void write()
    if (counts || waiting.length > 0) arm()
  }
  const arm = (): void => {
    timer ??= setTimeout(onMinute, (MINUTE - (clock() % MINUTE)) * 1000).unref()
  }

  return {
    count(call) {
      if (!metrics) return
      const minute = minuteOf()
      if (counts && counts.minute !== minute) {
        seal()
        void write()
      }
      counts ??= new MinuteCounts(minute)
      counts.add(call)
      arm()
    },
    flush() {
      seal()
      return write()
    },
    async close() {
      clearTimeout(timer)
      seal()
      await write()
      if (waiting.length > 0) report.warn(`metrics of ${waiting.length} minutes of the endpoints are lost`)
      waiting = []
    },
  }
}
