import type { Target } from '../../core/contracts/features.ts'
import { OperatorError } from '../../core/errors.ts'
import { DAY_SECONDS, HORIZON_SECONDS, isoOf, parseDs, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { datasetDays } from '../../data/lake/days.ts'
import type { ModelRows } from '../../data/features/model-rows.ts'
import { labelledRange, type LabelledRange } from './labelled-range.ts'
import { noRows } from './score-rows.ts'
import { splitInTime } from './split.ts'

/** Which slots a training may use; ends are exclusive. */
export interface TrainingSpan {
  readonly city: string
  readonly target: Target
  /** First slot; default: the first there is. */
  readonly from?: EpochSeconds
  /** Every outcome that is learnt from or validated on lies before this; default: the last there is. */
  readonly until?: EpochSeconds
  /** Judge on the slots from here on as well. Training then ends here at the latest. */
  readonly testFrom?: EpochSeconds
  readonly testUntil?: EpochSeconds
}

/** The rows of each set, all of them there and of both classes (test excepted). */
export interface TrainingPlan {
  readonly train: ModelRows & { readonly range: LabelledRange }
  readonly validation: ModelRows & { readonly range: LabelledRange }
  readonly test: (ModelRows & { readonly range: LabelledRange }) | null
}

/**
 * Cuts the labelled rows of a span into training, validation and test. NOT_FOUND without rows, CHECK_FAILED (with the
 * figures) when there are too few slots or a set has one class only.
 */
export async function planTraining(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  span: TrainingSpan,
): Promise<TrainingPlan> {
  const { city, target } = span
  const days = await datasetDays(store, 'features', city)
  const [firstDay, lastDay] = [days[0], days.at(-1)]
  if (firstDay === undefined || lastDay === undefined)
    throw new OperatorError(
      'NOT_FOUND',
      `${city} has no features`,
      'Build them with `bikeshare features build`.',
    )
  const begin = parseDs(firstDay)
  const end = parseDs(lastDay) + DAY_SECONDS
  const until = Math.min(span.until ?? end, span.testFrom ?? end, end)
  const learnt: ModelRows = {
    city,
    target,
    from: Math.max(span.from ?? begin, begin),
    // The outcome of a slot is seen half an hour later; it, too, must lie before the end.
    until: Math.max(until - HORIZON_SECONDS, begin),
  }
  const range = await labelledRange(warehouse, learnt)
  if (!range) throw noRows(learnt)
  const split = splitInTime(range.first, range.last)
  if (!split)
    throw new OperatorError(
      'CHECK_FAILED',
      `the labelled slots of ${city} from ${isoOf(range.first)} to ${isoOf(range.last)} are too few to be split`,
      'Collect at least a day; a week or more makes a useful model.',
    )
  const withRange = async (window: ModelRows): Promise<ModelRows & { range: LabelledRange }> => {
    const found = await labelledRange(warehouse, window)
    if (!found) throw noRows(window)
    return { ...window, range: found }
  }
  const plan = {
    train: await withRange({ city, target, ...split.train }),
    validation: await withRange({ city, target, ...split.validation }),
    test:
      span.testFrom === undefined
        ? null
        : await withRange({ city, target, from: span.testFrom, until: Math.min(span.testUntil ?? end, end) }),
  }
  for (const set of ['train', 'validation'] as const) {
    const { rows, positives } = plan[set].range
    if (positives === 0 || positives === rows)
      throw new OperatorError(
        'CHECK_FAILED',
        `the ${set} rows of ${city} ${target} have one class only: ${positives} of ${rows} ran short`,
        'Train on a longer or another span.',
      )
  }
  return plan
}
