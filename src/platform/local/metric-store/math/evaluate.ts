import { combine, foldTogether, type TimeSeries, type Value } from './value.ts'
import { fill, type Filling } from './fill.ts'
import { refused, type Expression, type Operator } from './parse.ts'
import type { EpochSeconds } from '../../../../core/time.ts'

/** What an expression is evaluated over. */
export interface Scope {
  readonly text: string
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  /** The value of another query; it rejects for an id that is not there. */
  valueOf(id: string): Promise<Value>
}

const OPERATIONS: Record<Operator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // Not a number, and so no datapoint.
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
}

const FOLDS: Record<string, (values: readonly number[]) => number> = {
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
  SUM: (values) => values.reduce((a, b) => a + b, 0),
}

/**
 * The value of an expression: element by element on equal timestamps; a datapoint that has no partner, or comes to no finite
 * number, is left out. MAX, MIN and SUM of a list take, at each timestamp, those that have a datapoint.
 */
export async function evaluate(expression: Expression, scope: Scope): Promise<Value> {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return scope.valueOf(expression.name)
    case 'negate':
      return combine(0, await evaluate(expression.operand, scope), (zero, value) => zero - value)
    case 'operation':
      return combine(
        await evaluate(expression.left, scope),
        await evaluate(expression.right, scope),
        OPERATIONS[expression.operator],
      )
    case 'list':
      throw refused(scope.text, 'a list stands only in MAX, MIN or SUM')
    default:
      return call(expression.name, expression.args, scope)
  }
}

async function call(name: string, args: readonly Expression[], scope: Scope): Promise<Value> {
  if (name === 'FILL') return fillCall(args, scope)
  const fold = Object.hasOwn(FOLDS, name) ? FOLDS[name] : undefined
  const [list] = args
  if (fold) {
    if (list?.kind !== 'list' || args.length !== 1 || list.items.length === 0)
      throw refused(scope.text, `${name} takes a list, such as ${name}([a, b])`)
    const items: Value[] = []
    for (const item of list.items) items.push(await evaluate(item, scope))
    return foldTogether(items, fold)
  }
  if (name === 'ANOMALY_DETECTION_BAND')
    throw refused(scope.text, 'ANOMALY_DETECTION_BAND is an expression of its own, not a part of one')
  throw refused(scope.text, `the function ${name} is not known`)
}

async function fillCall(args: readonly Expression[], scope: Scope): Promise<TimeSeries> {
  const [what, filling] = args
  if (!what || !filling || args.length !== 2)
    throw refused(scope.text, 'FILL takes a series and a number, REPEAT or LINEAR, such as FILL(m, 0)')
  const series = await evaluate(what, scope)
  if (typeof series === 'number') throw refused(scope.text, 'FILL takes a series, not a number')
  return fill(series, await fillingOf(filling, scope), scope.from, scope.to)
}

async function fillingOf(filling: Expression, scope: Scope): Promise<Filling> {
  if (filling.kind === 'name' && (filling.name === 'REPEAT' || filling.name === 'LINEAR')) return filling.name
  const value = await evaluate(filling, scope)
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refused(scope.text, 'FILL fills with a number, REPEAT or LINEAR')
  return value
}
