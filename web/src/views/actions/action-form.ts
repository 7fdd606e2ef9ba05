import type { Action } from '../../../../src/core/contracts/api/releases.ts'
import {
  DEFAULT_STRATEGY,
  readStrategy,
  wholeNumber,
  type StrategyForm,
  type StrategyProblems,
} from '../releases/strategy-form.ts'

export const ACTION_TARGETS = ['both', 'bikes', 'docks'] as const
export type ActionTarget = (typeof ACTION_TARGETS)[number]

/** What a button begins: the action, and what it is about. */
export type ActionStart =
  | {
      readonly action: 'promote' | 'rollback'
      readonly endpoints: Readonly<Partial<Record<'bikes' | 'docks', string>>>
    }
  | { readonly action: 'ramp' }
  | { readonly action: 'waive'; readonly endpoints: readonly string[] }
  | { readonly action: 'silence'; readonly alarm: string }
  | { readonly action: 'incident-note' | 'incident-close'; readonly id: string }

/** What stands in the fields, as typed. */
export interface ActionForm {
  readonly target: ActionTarget
  readonly strategy: StrategyForm
  readonly endpoint: string
  readonly hours: string
  readonly why: string
}

export interface ActionProblems {
  readonly strategy?: StrategyProblems
  readonly hours?: true
  readonly why?: true
}

const MOST_HOURS = 168

/** The fields as they stand when the dialog opens. */
export function openForm(start: ActionStart): ActionForm {
  return {
    target: 'both',
    strategy: DEFAULT_STRATEGY,
    endpoint: start.action === 'waive' ? (start.endpoints[0] ?? '') : '',
    hours: start.action === 'silence' ? '2' : '24',
    why: '',
  }
}

/** Reads the fields: the action that is asked for, or what is wrong. */
export function readAction(
  start: ActionStart,
  form: ActionForm,
): { readonly action: Action } | { readonly problems: ActionProblems } {
  const why = form.why.trim()
  const strategy = start.action === 'promote' ? readStrategy(form.strategy) : undefined
  const timed = start.action === 'waive' || start.action === 'silence'
  const hours = timed ? wholeNumber(form.hours, 1, MOST_HOURS) : 1
  const problems: ActionProblems = {
    ...(strategy !== undefined && 'problems' in strategy ? { strategy: strategy.problems } : {}),
    ...(hours === undefined ? { hours: true } : {}),
    ...(why === '' ? { why: true } : {}),
  }
  if (Object.keys(problems).length > 0 || hours === undefined) return { problems }
  switch (start.action) {
    case 'promote':
      return strategy !== undefined && 'strategy' in strategy
        ? { action: { action: 'promote', target: form.target, strategy: strategy.strategy, why } }
        : { problems }
    case 'rollback':
      return { action: { action: 'rollback', target: form.target, why } }
    case 'ramp':
      return { action: { action: 'ramp', why } }
    case 'waive':
      return { action: { action: 'waive', endpoint: form.endpoint, metric: 'PSI', hours, why } }
    case 'silence':
      return { action: { action: 'silence', alarm: start.alarm, hours, why } }
    case 'incident-note':
      return { action: { action: 'incident-note', id: start.id, text: why } }
    case 'incident-close':
      return { action: { action: 'incident-close', id: start.id, cause: why } }
  }
}

/** The endpoint whose name must be typed before what serves is changed; undefined for an action that needs none. */
export function nameToType(start: ActionStart, target: ActionTarget): string | undefined {
  if (start.action !== 'promote' && start.action !== 'rollback') return undefined
  return target === 'docks' ? start.endpoints.docks : (start.endpoints.bikes ?? start.endpoints.docks)
}
