import {
  FEATURE_GROUPS,
  REASON_GROUPS,
  type Reason,
  type ReasonGroup,
  type Why,
} from '../../core/contracts/explanation.ts'
import { FEATURE_NAMES, type FeatureName } from '../../core/contracts/features.ts'
import type { Prediction } from '../../core/contracts/prediction.ts'
import { WORDS, type WordsSubject } from './words.ts'

/** A group with less than this share of all that is added and taken away is not worth a clause. */
const WEIGHTY_SHARE = 0.1
/** Digits of a float32 that mean something. */
const DIGITS = 7

const PLACES = Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, i])) as Record<FeatureName, number>

/** Everything that one explanation is made of; features and contributions in the order of `FEATURE_NAMES`. */
export interface Explained {
  readonly prediction: Pick<Prediction, 'target' | 'count_now'>
  readonly model_version: string
  readonly exact: boolean
  readonly features: Float32Array
  /** The bias at the end. */
  readonly contributions: Float32Array
  /** Features of half an hour before, where they are known. */
  readonly before: Float32Array | undefined
  /** Minute of the hour at the slot, local. */
  readonly minute: number
}

/** Margin of a row of contributions: log-odds. */
export const marginOf = (contributions: Float32Array): number =>
  contributions.reduce((sum, value) => sum + value, 0)

/** The score of a margin. */
export const scoreOf = (margin: number): number => 1 / (1 + Math.exp(-margin))

/** Groups the contributions of one prediction and puts them into words. */
export function explainWhy(explained: Explained): Why {
  const { contributions, exact, model_version } = explained
  const margin = marginOf(contributions)
  const subject = subjectOf(explained)
  const sums = REASON_GROUPS.map((group) => ({
    group,
    names: FEATURE_NAMES.filter((name) => FEATURE_GROUPS[name] === group),
  })).map(({ group, names }) => ({
    group,
    names,
    contribution: names.reduce((sum, name) => sum + subject.contribution(name), 0),
  }))
  const all = sums.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)
  const reasons = sums.map(({ group, names, contribution }) => ({
    ...reasonOf(group, names, subject),
    contribution,
    weighty: Math.abs(contribution) > 0 && Math.abs(contribution) >= WEIGHTY_SHARE * all,
  }))
  return {
    exact,
    model_version,
    base: contributions[FEATURE_NAMES.length] ?? 0,
    margin,
    score: scoreOf(margin),
    reasons: reasons.sort(bySize),
  }
}

function reasonOf(
  group: ReasonGroup,
  names: readonly FeatureName[],
  subject: WordsSubject,
): Pick<Reason, 'group' | 'parts' | 'features'> {
  const features = names.map((name) => {
    const value = subject.value(name)
    return {
      name,
      value: value === null ? null : Number(value.toPrecision(DIGITS)),
      contribution: subject.contribution(name),
    }
  })
  return { group, parts: WORDS[group](subject), features: features.sort(bySize) }
}

function subjectOf({ prediction, features, contributions, before, minute }: Explained): WordsSubject {
  const known = (values: Float32Array | undefined, name: FeatureName): number | null => {
    const value = values?.[PLACES[name]] ?? Number.NaN
    return Number.isNaN(value) ? null : value
  }
  return {
    target: prediction.target,
    count_now: prediction.count_now,
    minute,
    value: (name) => known(features, name),
    contribution: (name) => contributions[PLACES[name]] ?? 0,
    before: (name) => known(before, name),
  }
}

const bySize = (a: { readonly contribution: number }, b: { readonly contribution: number }): number =>
  Math.abs(b.contribution) - Math.abs(a.contribution)
