import type { Strategy } from '../../../../src/core/contracts/release.ts'

export const STRATEGY_TYPES = ['all-at-once', 'canary', 'linear', 'ab', 'shadow'] as const
export type StrategyType = (typeof STRATEGY_TYPES)[number]

/** What stands in the fields of the form, as typed. */
export interface StrategyForm {
  readonly type: StrategyType
  readonly canary_percent: string
  readonly step_percent: string
  readonly wait_minutes: string
  readonly ramp: string
  readonly bake_minutes: string
  readonly max_wait_minutes: string
}
export type StrategyField = Exclude<keyof StrategyForm, 'type'>

/** The command line's own defaults, but for the type: an A/B is judged by what happened. */
export const DEFAULT_STRATEGY: StrategyForm = {
  type: 'ab',
  canary_percent: '10',
  step_percent: '25',
  wait_minutes: '10',
  ramp: '10, 25, 50, 100',
  bake_minutes: '60',
  max_wait_minutes: '1440',
}

/** Fields that a strategy has. */
export const STRATEGY_FIELDS: Readonly<Record<StrategyType, readonly StrategyField[]>> = {
  'all-at-once': [],
  canary: ['canary_percent', 'wait_minutes'],
  linear: ['step_percent', 'wait_minutes'],
  ab: ['ramp', 'bake_minutes', 'max_wait_minutes'],
  shadow: ['bake_minutes', 'max_wait_minutes'],
}

/** Ends of the whole numbers that a field takes: those of the release contract. */
export const FIELD_RANGES: Readonly<Record<Exclude<StrategyField, 'ramp'>, readonly [number, number]>> = {
  canary_percent: [1, 50],
  step_percent: [10, 50],
  wait_minutes: [0, 60],
  bake_minutes: [0, 10_080],
  max_wait_minutes: [0, 10_080],
}

export type FieldProblem = 'number' | 'ramp_number' | 'ramp_grow' | 'ramp_end' | 'max_wait'
export type StrategyProblems = Partial<Readonly<Record<StrategyField, FieldProblem>>>

/** Reads the form: a strategy, or what is wrong with which of its fields. */
export function readStrategy(form: StrategyForm): { strategy: Strategy } | { problems: StrategyProblems } {
  const problems = problemsOf(form)
  if (Object.keys(problems).length > 0) return { problems }
  const seconds = (minutes: string) => Number(minutes) * 60
  const watched = {
    bake_seconds: seconds(form.bake_minutes),
    max_wait_seconds: seconds(form.max_wait_minutes),
  }
  const wait_seconds = seconds(form.wait_minutes)
  switch (form.type) {
    case 'all-at-once':
      return { strategy: { type: form.type, wait_seconds: 0 } }
    case 'canary':
      return { strategy: { type: form.type, canary_percent: Number(form.canary_percent), wait_seconds } }
    case 'linear':
      return { strategy: { type: form.type, step_percent: Number(form.step_percent), wait_seconds } }
    case 'ab':
      return { strategy: { type: form.type, ramp: shares(form.ramp), ...watched } }
    case 'shadow':
      return { strategy: { type: form.type, ...watched } }
  }
}

function problemsOf(form: StrategyForm): StrategyProblems {
  const problems: Partial<Record<StrategyField, FieldProblem>> = {}
  for (const field of STRATEGY_FIELDS[form.type]) {
    const problem =
      field === 'ramp' ? rampProblem(form.ramp) : numberProblem(form[field], FIELD_RANGES[field])
    if (problem !== undefined) problems[field] = problem
  }
  const watched = STRATEGY_FIELDS[form.type].includes('max_wait_minutes')
  const whole = problems.bake_minutes === undefined && problems.max_wait_minutes === undefined
  if (watched && whole && Number(form.max_wait_minutes) < Number(form.bake_minutes))
    problems.max_wait_minutes = 'max_wait'
  return problems
}

function numberProblem(text: string, [low, high]: readonly [number, number]): 'number' | undefined {
  return wholeNumber(text, low, high) === undefined ? 'number' : undefined
}

/** A whole number within the ends, however it is padded; undefined for anything else, an empty field too. */
export function wholeNumber(text: string, low: number, high: number): number | undefined {
  const value = /^\s*-?\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN
  return value >= low && value <= high ? value : undefined
}

function shares(ramp: string): number[] {
  return ramp
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number)
}

function rampProblem(ramp: string): FieldProblem | undefined {
  const parts = shares(ramp)
  if (parts.length === 0 || !parts.every((part) => Number.isInteger(part) && part >= 1 && part <= 100))
    return 'ramp_number'
  if (!parts.every((part, i) => part > (parts[i - 1] ?? 0))) return 'ramp_grow'
  return parts.at(-1) === 100 ? undefined : 'ramp_end'
}
