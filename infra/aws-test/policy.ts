import type { PolicyStatement } from '../test/templates.ts'

/** What AWS is asked: an action, what it is about, and what IAM knows of the request beside. */
export interface Request {
  readonly action: string
  /** ARN, or `*` of an action that knows no resource. */
  readonly resource: string
  readonly context: Readonly<Record<string, string>>
}

/**
 * The statements that allow a request, as IAM evaluates them: action, resource with `*`, and the conditions StringEquals,
 * StringLike and their …IfExists. Throws at any other condition, or anything but Allow.
 */
export const allowing = (
  statements: readonly PolicyStatement[],
  request: Request,
): readonly PolicyStatement[] =>
  statements.filter((statement) => {
    if (statement.Effect !== 'Allow') throw new Error(`${statement.where} is not an Allow`)
    return (
      statement.Action.some((action) => like(action.toLowerCase())(request.action.toLowerCase())) &&
      statement.Resource.some((resource) => like(resource)(request.resource)) &&
      Object.entries((statement.Condition ?? {}) as Conditions).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, request.context[key])),
      )
    )
  })

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

function holds(operator: string, wanted: string | readonly string[], value: string | undefined): boolean {
  const [, test, ifExists] = /^(StringEquals|StringLike)(IfExists)?$/.exec(operator) ?? []
  if (test === undefined) throw new Error(`the condition ${operator} is not known here`)
  if (value === undefined) return ifExists !== undefined
  return [wanted].flat().some((one) => (test === 'StringLike' ? like(one)(value) : one === value))
}

/** IAM's wildcards: `*` is any text, slashes too; `?` one character. */
function like(pattern: string): (text: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  const expression = new RegExp(`^${escaped.replaceAll('*', '[\\s\\S]*').replaceAll('?', '[\\s\\S]')}$`)
  return (text) => expression.test(text)
}
