import { describe, expect, it } from 'vitest'
import {
  openApi,
  smallParams,
  someNames,
  syntheticData,
  syntheticRows,
} from '../../../../test/support/boosted-model.ts'
import { loadBooster } from './booster.ts'
import {
  bestModel,
  openBoosting,
  TRAIN_SCORE_EVERY,
  type TrainingData,
  type TrainingState,
} from './boosting.ts'

const api = openApi()
const COLUMNS = 7
const params = smallParams({ num_round: 20 })

/** Trains until finished or for `rounds` more rounds. */
function train(data: TrainingData, rounds: number, resume?: TrainingState, changes = params): TrainingState {
  const boosting = openBoosting(api, data, changes, resume)
  for (let i = 0; i < rounds && !boosting.finished; i++) boosting.step()
  const state = boosting.state()
  boosting.free()
  return state
}

describe('a training', () => {
  it('gives the same model, bit for bit, wherever and however often it is interrupted', () => {
    const data = syntheticData(COLUMNS)
    const whole = train(data, 100)
    for (const stops of [[1], [7], [19], [3, 4, 5]]) {
      let state: TrainingState | undefined
      for (const rounds of stops) state = train(data, rounds, state)
      const resumed = train(data, 100, state)
      expect(Buffer.from(resumed.model).equals(Buffer.from(whole.model))).toBe(true)
      expect(resumed.history).toEqual(whole.history)
    }
  })

  it('gives the same model for the same data, and another one for another seed', () => {
    const data = syntheticData(COLUMNS)
    const model = Buffer.from(train(data, 100).model)
    expect(model.equals(Buffer.from(train(data, 100).model))).toBe(true)
    expect(model.equals(Buffer.from(train(data, 100, undefined, { ...params, seed: 5 }).model))).toBe(false)
  })

  it('does not depend on how its rows are cut into batches', () => {
    const {
      train: [rows],
      validation,
    } = syntheticData(COLUMNS)
    if (!rows) throw new Error('no rows')
    const cut = 777
    const split = [
      { labels: rows.labels.slice(0, cut), features: rows.features.slice(0, cut * COLUMNS) },
      { labels: rows.labels.slice(cut), features: rows.features.slice(cut * COLUMNS) },
    ]
    const whole = train({ columns: COLUMNS, train: [rows], validation }, 100)
    const parts = train({ columns: COLUMNS, train: split, validation }, 100)
    expect(Buffer.from(parts.model).equals(Buffer.from(whole.model))).toBe(true)
  })

  it('stops once the validation score has not risen for so many rounds, and keeps the best round', () => {
    const noise = syntheticRows(300, COLUMNS, 3)
    const data = { columns: COLUMNS, train: [syntheticRows(300, COLUMNS, 9)], validation: [noise] }
    const stopping = smallParams({ num_round: 500, eta: 1, early_stopping_rounds: 5 })
    const state = train(data, 500, undefined, stopping)
    const scores = state.history.map(({ validation }) => validation)
    const best = scores.indexOf(Math.max(...scores))
    expect(scores).toHaveLength(best + 1 + 5)
    const { model, rounds } = bestModel(api, state, someNames(COLUMNS))
    expect(rounds).toBe(best + 1)
    expect(loadBooster(api, model, 1).rounds).toBe(rounds)
  })

  it('scores validation in every round and training in some', () => {
    const { history } = train(syntheticData(COLUMNS, 400), 100, undefined, smallParams({ num_round: 27 }))
    expect(history.every(({ validation }) => validation > 0 && validation <= 1)).toBe(true)
    const scored = history.filter(({ train }) => train !== null).map(({ round }) => round)
    expect(scored).toEqual([0, TRAIN_SCORE_EVERY, 26])
  })

  it('names the features in the model file', () => {
    const { model } = bestModel(api, train(syntheticData(COLUMNS, 400), 3), someNames(COLUMNS))
    const booster = loadBooster(api, model, 1)
    expect(booster.featureNames).toEqual(someNames(COLUMNS))
    expect(Object.keys(booster.gain())).toContain('feature_0')
  })
})
