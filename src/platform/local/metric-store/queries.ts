import type { MetricDataQuery, MetricDataResult, MetricStat } from '../../../core/contracts/cloudwatch.ts'
import { OperatorError } from '../../../core/errors.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { checkNamespace, nameProblem } from '../../../core/metric-rules.ts'
import { anomalyBand, TRAINING_SECONDS, type Band } from './math/band.ts'
import { evaluate } from './math/evaluate.ts'
import { parseExpression, refused, type Expression } from './math/parse.ts'
import type { TimeSeries, Value } from './math/value.ts'
import { aggregatePeriods } from './periods.ts'
import { aggregateOf } from './statistics.ts'
import type { Window } from './window.ts'

const MAX_QUERIES = 500
const BAND = 'ANOMALY_DETECTION_BAND'

/** Opens the data of a namespace in `[from, to)`. */
export type OpenWindow = (namespace: string, from: EpochSeconds, to: EpochSeconds) => Promise<Window>

interface Prepared {
  readonly query: MetricDataQuery
  /** Of a query with an expression. */
  readonly expression: Expression | undefined
}

/** Answers GetMetricData; see MetricStore. */
export async function answerQueries(
  queries: readonly MetricDataQuery[],
  from: EpochSeconds,
  to: EpochSeconds,
  open: OpenWindow,
): Promise<MetricDataResult[]> {
  const prepared = prepare(queries, from, to)
  const windows = new Map<string, Promise<Window>>()
  const openOnce: OpenWindow = (namespace, begin, end) => {
    const key = `${begin} ${end} ${namespace}`
    const known = windows.get(key)
    if (known) return known
    const opening = open(namespace, begin, end)
    windows.set(key, opening)
    return opening
  }
  const results = await Promise.all(
    queries
      .filter(({ ReturnData }) => ReturnData !== false)
      .map((query) => resultsOf(query, new Evaluation(prepared, from, to, openOnce))),
  )
  return results.flat()
}

async function resultsOf(query: MetricDataQuery, evaluation: Evaluation): Promise<MetricDataResult[]> {
  const { Id, Label = Id } = query
  const result = (label: string, { t, v }: TimeSeries): MetricDataResult => ({
    Id,
    Label: label,
    Timestamps: t,
    Values: v,
  })
  const band = await evaluation.bandOf(Id)
  if (band) return [result(`${Label} upper`, band.upper), result(`${Label} lower`, band.lower)]
  const value = await evaluation.valueOf(Id, [])
  if (typeof value === 'number')
    throw refused(query.Expression ?? Id, 'it comes to a number, not to a series')
  return [result(Label, value)]
}

/** The queries over one span of time. */
class Evaluation {
  readonly #prepared: ReadonlyMap<string, Prepared>
  readonly #from: EpochSeconds
  readonly #to: EpochSeconds
  readonly #open: OpenWindow

  constructor(
    prepared: ReadonlyMap<string, Prepared>,
    from: EpochSeconds,
    to: EpochSeconds,
    open: OpenWindow,
  ) {
    this.#prepared = prepared
    this.#from = from
    this.#to = to
    this.#open = open
  }

  /** `path`: ids on the way here, of which none may come again. */
  async valueOf(id: string, path: readonly string[]): Promise<Value> {
    const { query, expression } = this.#prepared.get(id) ?? {}
    const text = this.#prepared.get(path.at(-1) ?? '')?.query.Expression ?? id
    if (!query) throw refused(text, `there is no query "${id}"`)
    if (path.includes(id)) throw refused(text, `"${id}" refers to itself`)
    if (query.MetricStat) return this.#statistic(query.MetricStat)
    if (!expression) throw refused(text, `"${id}" has neither a MetricStat nor an Expression`)
    if (bandArguments(expression)) throw refused(text, `"${id}" is a band, which no expression can take`)
    return evaluate(expression, {
      text: query.Expression ?? '',
      from: this.#from,
      to: this.#to,
      valueOf: (other) => this.valueOf(other, [...path, id]),
    })
  }

  /** Undefined for a query that is no band. */
  async bandOf(id: string): Promise<Band | undefined> {
    const { query, expression } = this.#prepared.get(id) ?? {}
    const args = expression && bandArguments(expression)
    if (!query || !args) return undefined
    const text = query.Expression ?? ''
    const [metric, width = { kind: 'number', value: 2 } as const] = args
    if (metric?.kind !== 'name' || width.kind !== 'number' || width.value <= 0 || args.length > 2)
      throw refused(text, `${BAND} takes an id and a width, such as ${BAND}(m, 2.5)`)
    const before = new Evaluation(this.#prepared, this.#from - TRAINING_SECONDS, this.#from, this.#open)
    const training = await before.valueOf(metric.name, [id])
    if (typeof training === 'number')
      throw refused(text, `"${metric.name}" comes to a number, not to a series`)
    return anomalyBand(training, width.value, this.#from, this.#to)
  }

  async #statistic({ Metric, Period, Stat, Unit }: MetricStat): Promise<TimeSeries> {
    const span = { from: this.#from, to: this.#to, period: Period }
    // The last period may end after the window.
    const end = Math.ceil(span.to / Period) * Period
    const window = await this.#open(Metric.Namespace, span.from, end)
    const series = window.series(Metric).filter(({ name }) => Unit === undefined || name.Unit === Unit)
    return aggregatePeriods(series, span, aggregateOf(Stat))
  }
}

function bandArguments(expression: Expression): readonly Expression[] | undefined {
  return expression.kind === 'call' && expression.name === BAND ? expression.args : undefined
}

function prepare(
  queries: readonly MetricDataQuery[],
  from: EpochSeconds,
  to: EpochSeconds,
): Map<string, Prepared> {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from < to))
    throw bad(`the window from ${from} to ${to} is empty`)
  if (queries.length > MAX_QUERIES)
    throw bad(`there are ${queries.length} queries, the limit is ${MAX_QUERIES}`)
  if (!queries.some(({ ReturnData }) => ReturnData !== false)) throw bad('no query returns data')
  const prepared = new Map<string, Prepared>()
  for (const query of queries) {
    const { Id, MetricStat, Expression } = query
    if (!/^[a-z]\w{0,254}$/.test(Id)) throw bad(`"${Id}" is no id: it begins with a lower-case letter`)
    if (prepared.has(Id)) throw bad(`two queries have the id "${Id}"`)
    if ((MetricStat === undefined) === (Expression === undefined))
      throw bad(`query "${Id}" must have either a MetricStat or an Expression`)
    if (MetricStat) checkStat(Id, MetricStat)
    prepared.set(Id, {
      query,
      expression: Expression === undefined ? undefined : parseExpression(Expression),
    })
  }
  return prepared
}

function checkStat(id: string, { Metric, Period, Stat }: MetricStat): void {
  checkNamespace(Metric.Namespace)
  const wrong = nameProblem(Metric.MetricName, Metric.Dimensions)
  if (wrong !== undefined) throw bad(`query "${id}": ${wrong}`)
  if (!(Number.isInteger(Period) && Period >= 60 && Period % 60 === 0))
    throw bad(`query "${id}": its period is ${Period}, not a multiple of 60 seconds`)
  aggregateOf(Stat)
}

function bad(what: string): OperatorError {
  return new OperatorError('BAD_INPUT', `GetMetricData: ${what}`, 'See CloudWatch’s GetMetricData.')
}
