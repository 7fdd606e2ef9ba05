import type { Target } from '../../../core/contracts/features.ts'
import { isoOf } from '../../../core/time.ts'
import type { ReportSubject, SlotWindow } from './subject.ts'

/** `bikes` → `bikes to rent`; `docks` → `docks to return to`. */
export const TARGET_WORDS: Readonly<Record<Target, string>> = {
  bikes: 'bikes to rent',
  docks: 'docks to return to',
}

/** One sentence on what the model predicts. */
export function purpose({ model }: ReportSubject): string {
  return `The chance that a station of ${model.city} has two or fewer ${TARGET_WORDS[model.target]} in 30 minutes.`
}

/** First and last slot of a window. */
export function windowText(window: SlotWindow | null): string {
  return window ? `${isoOf(window.from)} to ${isoOf(window.to)}` : 'none'
}

/** One sentence on which rows the figures come from. */
export function shownText({ shown }: ReportSubject): string {
  return shown === 'test'
    ? 'From the test rows, which neither training nor the choice of rounds and threshold has seen.'
    : 'From the validation rows, on which the rounds and the threshold were chosen: a little too kind.'
}

/** How good or bad the model is beside what costs nothing, in one sentence. */
export function verdict(subject: ReportSubject): string {
  if (subject.refusals.length > 0) return `Refused: ${subject.refusals.join('; ')}.`
  const evaluation = subject.model.metrics[subject.shown]
  const [model, persistence] = [evaluation?.onset_pr_auc, evaluation?.persistence_onset_pr_auc]
  if (model === null || model === undefined || persistence === null || persistence === undefined)
    return 'Not one station ran short among the rows judged, so that there is nothing to compare.'
  const times = (model / persistence).toFixed(1)
  return model > persistence
    ? `Among stations that are not short yet it ranks those that will be ${times} times as well as persistence.`
    : 'Among stations that are not short yet it ranks no better than persistence does.'
}

/** What the model must not be trusted for. */
export const LIMITS = [
  'It knows one city: another one has other stations and habits, and needs its own model.',
  'It knows the weeks that it was trained on: seasons, fares and new stations change what it learnt. Watch the drift.',
  'A station that is not installed, or not renting (for docks: not returning), is neither trained on nor judged.',
  'A score is a chance over many stations, no promise for one of them.',
  'It sees counts and not intentions: a concert or a strike shows only once bikes begin to move.',
] as const
