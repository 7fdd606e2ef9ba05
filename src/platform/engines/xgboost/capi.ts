import koffi from 'koffi'
import { OperatorError, type ErrorCode } from '../../../core/errors.ts'
import { bindXgboost, firstLine, type Status } from './c-functions.ts'
import { cell, copyFloats, first, strings } from './foreign-memory.ts'

/** A pointer that the library gave out: a booster or a matrix. Freed by its own `free`, once. */
export type Handle = bigint

/** Rows of a training set as the library takes them: `labels.length` rows, features row-major, NaN for missing. */
export interface RowBatch {
  readonly labels: Float32Array
  readonly features: Float32Array
}

/** XGBoost's C API, as far as it is used here. Every call is synchronous, on the calling thread. */
export type XgboostApi = ReturnType<typeof openXgboost>

/** Cells for values that the library returns through pointers. One set an opened library: calls do not overlap. */
interface Cells {
  readonly a: BigUint64Array
  readonly b: BigUint64Array
  readonly c: BigUint64Array
  readonly d: BigUint64Array
  readonly e: BigUint64Array
}

/**
 * Opens a shared library as XGBoost. UNAVAILABLE when the file cannot be loaded or is no XGBoost of 1.7 or newer.
 * Foreign memory is touched here and in foreign-memory.ts alone: pointers live no longer than one call, results are copied out.
 */
export function openXgboost(libraryPath: string) {
  const c = bindXgboost(libraryPath)
  const cells: Cells = { a: cell(), b: cell(), c: cell(), d: cell(), e: cell() }

  /** Turns a failed call into an error that says what was being done. */
  const check = (status: Status, doing: string, code: ErrorCode = 'UNAVAILABLE'): void => {
    if (status !== 0)
      throw new OperatorError(code, `XGBoost could not ${doing}: ${firstLine(c.XGBGetLastError())}`)
  }

  // Its warnings go to standard error, where they say nothing that an error does not; the setting is the thread's own.
  check(c.XGBSetGlobalConfig('{"verbosity":0}'), 'be made silent')

  return {
    /** As the library says itself, e.g. `1.7.4`. */
    version: c.version,

    /** A booster that will train on or evaluate `matrices`. */
    createBooster(matrices: readonly Handle[]): Handle {
      const list = BigUint64Array.from(matrices)
      check(c.XGBoosterCreate(list, list.length, cells.a), 'make a booster')
      return first(cells.a)
    },

    freeBooster(booster: Handle): void {
      check(c.XGBoosterFree(booster), 'free a booster')
    },

    /** The library takes an unknown name silently: callers pass known ones only. */
    setParam(booster: Handle, name: string, value: string): void {
      check(c.XGBoosterSetParam(booster, name, value), `set ${name} to ${value}`, 'BAD_INPUT')
    },

    /** Grows one round of trees on `matrix`. */
    update(booster: Handle, round: number, matrix: Handle): void {
      check(c.XGBoosterUpdateOneIter(booster, round, matrix), `train round ${round}`)
    },

    /** Grows one round from given gradients. */
    boost(booster: Handle, matrix: Handle, gradients: Float32Array, hessians: Float32Array): void {
      check(
        c.XGBoosterBoostOneIter(booster, matrix, gradients, hessians, gradients.length),
        'boost from given gradients',
      )
    },

    /** The metric (one is set) of the booster so far on one matrix. */
    evaluate(booster: Handle, round: number, matrix: Handle): number {
      const list = BigUint64Array.of(matrix)
      check(
        c.XGBoosterEvalOneIter(booster, round, list, ['x'], 1, cells.a),
        `evaluate round ${round}`,
        'BAD_INPUT',
      )
      const line = String(koffi.decode(first(cells.a), 'char', -1))
      return Number(line.slice(line.lastIndexOf(':') + 1))
    },

    /** Margins (raw sums of leaves and base score) of a matrix' rows. */
    margins(booster: Handle, matrix: Handle): Float32Array {
      const config = '{"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}'
      check(
        c.XGBoosterPredictFromDMatrix(booster, matrix, config, cells.a, cells.b, cells.c),
        'predict margins',
      )
      const shape = new BigUint64Array(koffi.view(first(cells.a), 8))
      return copyFloats(first(cells.c), Number(shape[0]))
    },

    /**
     * Scores of `rows` rows of `columns` row-major floats at `address` (of memory that lives on), into `output`.
     * Infinity is taken silently by the library: callers refuse it first.
     */
    predictDense(
      booster: Handle,
      address: bigint,
      rows: number,
      columns: number,
      output: Float32Array,
    ): void {
      const input = denseArray(address, rows, columns)
      check(
        c.XGBoosterPredictFromDense(booster, input, DENSE_CONFIG, null, cells.a, cells.b, cells.c),
        `score ${rows} rows`,
        'BAD_INPUT',
      )
      output.set(new Float32Array(koffi.view(first(cells.c), rows * 4)))
    },

    /**
     * SHAP contributions of such rows, each followed by the bias, into `output`. The library takes them as a matrix, which
     * unlike `predictDense` copies them and refuses infinity.
     */
    contributions(
      booster: Handle,
      address: bigint,
      rows: number,
      columns: number,
      output: Float32Array,
    ): void {
      const input = denseArray(address, rows, columns)
      check(
        c.XGDMatrixCreateFromDense(input, '{"missing":NaN,"nthread":1}', cells.a),
        'take the rows',
        'BAD_INPUT',
      )
      const matrix = first(cells.a)
      try {
        check(
          c.XGBoosterPredictFromDMatrix(booster, matrix, CONTRIBUTIONS_CONFIG, cells.a, cells.b, cells.c),
          `explain ${rows} rows`,
        )
        output.set(new Float32Array(koffi.view(first(cells.c), rows * (columns + 1) * 4)))
      } finally {
        check(c.XGDMatrixFree(matrix), 'free a matrix')
      }
    },

    /** The model's file content; `deprecated` is the old binary format. */
    save(booster: Handle, format: 'ubj' | 'json' | 'deprecated'): Uint8Array {
      check(
        c.XGBoosterSaveModelToBuffer(booster, `{"format":"${format}"}`, cells.a, cells.b),
        'save the model',
      )
      return new Uint8Array(koffi.view(first(cells.b), Number(first(cells.a)))).slice()
    },

    /** Fills a booster from a model file's content. CORRUPT when the library cannot read it. */
    load(booster: Handle, model: Uint8Array): void {
      check(c.XGBoosterLoadModelFromBuffer(booster, model, model.length), 'read the model', 'CORRUPT')
    },

    /** A new booster with rounds `[0, rounds)`. */
    slice(booster: Handle, rounds: number): Handle {
      check(c.XGBoosterSlice(booster, 0, rounds, 1, cells.a), `cut the model to ${rounds} rounds`)
      return first(cells.a)
    },

    rounds(booster: Handle): number {
      const out = new Int32Array(1)
      check(c.XGBoosterBoostedRounds(booster, out), 'count the rounds')
      return out[0] ?? 0
    },

    /** Number of features that the model takes. */
    featureCount(booster: Handle): number {
      check(c.XGBoosterGetNumFeature(booster, cells.a), 'count the features')
      return Number(first(cells.a))
    },

    /** Names set on a matrix are not saved; these are. */
    setFeatureNames(booster: Handle, names: readonly string[]): void {
      check(c.XGBoosterSetStrFeatureInfo(booster, 'feature_name', names, names.length), 'name the features')
    },

    /** Empty when the model has none. */
    featureNames(booster: Handle): string[] {
      check(c.XGBoosterGetStrFeatureInfo(booster, 'feature_name', cells.a, cells.b), 'read the feature names')
      return strings(first(cells.b), Number(first(cells.a)))
    },

    /** Total gain of the features that are used, by name (`f0`, `f1`, … without names). */
    totalGain(booster: Handle): Record<string, number> {
      check(
        c.XGBoosterFeatureScore(
          booster,
          '{"importance_type":"total_gain"}',
          cells.a,
          cells.b,
          cells.c,
          cells.d,
          cells.e,
        ),
        'compute the gain',
      )
      const names = strings(first(cells.b), Number(first(cells.a)))
      if (names.length === 0) return {}
      const scores = copyFloats(first(cells.e), names.length)
      return Object.fromEntries(names.map((name, i) => [name, scores[i] ?? 0]))
    },

    /** A plain matrix: twice the memory of its rows, but scored several times as fast as a quantised one. */
    createPlainMatrix(rows: RowBatch, columns: number, threads: number): Handle {
      const { features, labels } = rows
      const config = `{"missing":NaN,"nthread":${threads}}`
      const input = denseArray(koffi.address(features), labels.length, columns)
      check(c.XGDMatrixCreateFromDense(input, config, cells.a), 'take the rows', 'BAD_INPUT')
      const matrix = first(cells.a)
      check(c.XGDMatrixSetFloatInfo(matrix, 'label', labels, labels.length), 'take the labels')
      return matrix
    },

    /**
     * A quantised matrix of `batches`: `hist` trains on it as on a plain one, to the same model, in less memory. The
     * batches may be dropped afterwards.
     */
    createQuantileMatrix(
      batches: readonly RowBatch[],
      columns: number,
      options: { readonly maxBin: number; readonly threads: number },
    ): Handle {
      check(c.XGProxyDMatrixCreate(cells.a), 'make a matrix')
      const proxy = first(cells.a)
      let at = 0
      let failure: unknown
      // An exception must not cross the library's frames: it is kept and thrown once the call is back.
      const next = koffi.register(() => {
        const batch = batches[at++]
        if (batch === undefined) return 0
        const { features, labels } = batch
        const input = denseArray(koffi.address(features), labels.length, columns)
        try {
          check(c.XGProxyDMatrixSetDataDense(proxy, input), 'take a batch of rows')
          check(c.XGDMatrixSetFloatInfo(proxy, 'label', labels, labels.length), 'take a batch of labels')
          return 1
        } catch (error) {
          failure = error
          return 0
        }
      }, c.nextType)
      const reset = koffi.register(() => {
        at = 0
      }, c.resetType)
      try {
        const config = `{"missing":NaN,"max_bin":${options.maxBin},"nthread":${options.threads}}`
        const status = c.XGQuantileDMatrixCreateFromCallback(null, proxy, null, reset, next, config, cells.a)
        if (failure !== undefined) throw failure
        check(status, 'take the training rows', 'BAD_INPUT')
        return first(cells.a)
      } finally {
        koffi.unregister(next)
        koffi.unregister(reset)
        check(c.XGDMatrixFree(proxy), 'free a matrix')
      }
    },

    /** Margins to start from, one a row, in place of the base score. */
    setBaseMargin(matrix: Handle, margins: Float32Array): void {
      check(c.XGDMatrixSetFloatInfo(matrix, 'base_margin', margins, margins.length), 'set base margins')
    },

    freeMatrix(matrix: Handle): void {
      check(c.XGDMatrixFree(matrix), 'free a matrix')
    },

    /** Where the array's memory is, for `predictDense`. The caller keeps the array. */
    addressOf(values: Float32Array): bigint {
      return koffi.address(values)
    },
  }
}

/** NumPy's array interface, which is how the library is told of an array. */
const denseArray = (address: bigint, rows: number, columns: number): string =>
  `{"data":[${address},true],"shape":[${rows},${columns}],"typestr":"<f4","version":3}`

const DENSE_CONFIG =
  '{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"cache_id":0,"missing":NaN}'

const CONTRIBUTIONS_CONFIG =
  '{"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}'
