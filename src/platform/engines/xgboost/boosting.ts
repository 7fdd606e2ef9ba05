import type { TrainingParams } from '../../../core/contracts/manifest.ts'
import { OperatorError } from '../../../core/errors.ts'
import type { RoundScore } from '../../ports.ts'
import type { Handle, RowBatch, XgboostApi } from './capi.ts'
import { replaceFirstTrees } from './model-trees.ts'

/** A training that was interrupted: its scores so far, and its model of as many rounds (UBJ). */
export interface TrainingState {
  readonly history: readonly RoundScore[]
  readonly model: Uint8Array
}

/** Rows in batches, each row `columns` features. */
export interface TrainingData {
  readonly columns: number
  readonly train: readonly RowBatch[]
  readonly validation: readonly RowBatch[]
}

/** A training under way in this thread. Synchronous. */
export interface Boosting {
  readonly history: readonly RoundScore[]
  /** No further round is due: all are done, or the validation score has not risen for `early_stopping_rounds`. */
  readonly finished: boolean
  /** Grows one round and scores it. */
  step(): RoundScore
  /** What `openBoosting` goes on from. */
  state(): TrainingState
  free(): void
}

/** The training score is computed every so many rounds: it sorts all training rows, half as long as a round takes. */
export const TRAIN_SCORE_EVERY = 25

/**
 * Starts a training, or goes on with an interrupted one: the model is then, bit for bit, the one of a training that was
 * never interrupted, which in turn is the one of Python's `xgboost.train` with the same parameters.
 *
 * The library cannot load the state of its two random generators (rows are sampled from one, columns from another that
 * lives as long as the trees' builder). So the rounds that are done are run again on the real rows with gradients of zero:
 * they draw the same numbers, and grow single leaves of weight 0 at a fraction of a round's cost. The margins of the
 * model so far are the rows' base margins meanwhile, and its trees replace the empty ones when the model is taken out.
 */
export function openBoosting(
  api: XgboostApi,
  data: TrainingData,
  params: TrainingParams,
  resume?: TrainingState,
): Boosting {
  const rowCount = data.train.reduce((sum, batch) => sum + batch.labels.length, 0)
  const threads = params.nthread
  const train = api.createQuantileMatrix(data.train, data.columns, { maxBin: params.max_bin, threads })
  const validation = api.createPlainMatrix(joined(data.validation), data.columns, threads)
  const history: RoundScore[] = [...(resume?.history ?? [])]
  const done = history.length
  if (resume) startFrom(api, resume.model, [train, validation], threads)
  const booster = api.createBooster([train, validation])
  for (const [name, value] of boosterParams(params)) api.setParam(booster, name, value)
  if (done > 0) {
    const zeros = new Float32Array(rowCount)
    const ones = new Float32Array(rowCount).fill(1)
    for (let round = 0; round < done; round++) api.boost(booster, train, zeros, ones)
  }

  /** The model so far, with the real trees. */
  const modelSoFar = (): Uint8Array => {
    if (!resume) return api.save(booster, 'ubj')
    const handle = api.createBooster([])
    api.load(handle, resume.model)
    const earlier = text.decode(api.save(handle, 'json'))
    const now = text.decode(api.save(booster, 'json'))
    api.load(handle, new TextEncoder().encode(replaceFirstTrees(now, done, earlier)))
    const model = api.save(handle, 'ubj')
    api.freeBooster(handle)
    return model
  }

  return {
    history,
    get finished() {
      return isFinished(history, params)
    },
    step() {
      const round = history.length
      api.update(booster, round, train)
      const due = round % TRAIN_SCORE_EVERY === 0 || round === params.num_round - 1
      const score = {
        round,
        train: due ? api.evaluate(booster, round, train) : null,
        validation: api.evaluate(booster, round, validation),
      }
      if (!Number.isFinite(score.validation))
        throw new OperatorError(
          'BAD_INPUT',
          `the validation score of round ${round} is ${score.validation}`,
          'Validation rows need labels of both classes.',
        )
      history.push(score)
      return score
    },
    state: () => ({ history: [...history], model: modelSoFar() }),
    free() {
      api.freeBooster(booster)
      api.freeMatrix(validation)
      api.freeMatrix(train)
    },
  }
}

/** The model of the best round and those before it, with its feature names, in UBJ. */
export function bestModel(
  api: XgboostApi,
  state: TrainingState,
  featureNames: readonly string[],
): { model: Uint8Array; rounds: number } {
  const rounds = bestRound(state.history) + 1
  const full = api.createBooster([])
  api.load(full, state.model)
  const best = api.slice(full, rounds)
  api.setFeatureNames(best, featureNames)
  const model = api.save(best, 'ubj')
  api.freeBooster(best)
  api.freeBooster(full)
  return { model, rounds }
}

/** The first round with the highest validation score; -1 before the first. */
function bestRound(history: readonly RoundScore[]): number {
  let best = -1
  let score = Number.NEGATIVE_INFINITY
  for (const { round, validation } of history)
    if (validation > score) {
      best = round
      score = validation
    }
  return best
}

/** True when no further round is due. */
export function isFinished(history: readonly RoundScore[], params: TrainingParams): boolean {
  const rounds = history.length
  return rounds >= params.num_round || rounds - 1 - bestRound(history) >= params.early_stopping_rounds
}

/** The booster's own parameters; the number of rounds and early stopping are the loop's. */
function boosterParams(params: TrainingParams): [string, string][] {
  const { num_round: _rounds, early_stopping_rounds: _stopping, ...own } = params
  return Object.entries(own).map(([name, value]) => [name, String(value)])
}

/** Gives the matrices a model's margins to start from. */
function startFrom(api: XgboostApi, model: Uint8Array, matrices: readonly Handle[], threads: number): void {
  const handle = api.createBooster([])
  api.load(handle, model)
  api.setParam(handle, 'nthread', String(threads))
  for (const matrix of matrices) api.setBaseMargin(matrix, api.margins(handle, matrix))
  api.freeBooster(handle)
}

function joined(batches: readonly RowBatch[]): RowBatch {
  return { labels: concat(batches.map((b) => b.labels)), features: concat(batches.map((b) => b.features)) }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const text = new TextDecoder()
