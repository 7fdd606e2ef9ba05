import { createHash } from 'node:crypto'
import { OperatorError } from '../../core/errors.ts'
import type { RowBatch } from '../engines/xgboost/capi.ts'
import type { Warehouse } from '../ports.ts'

/** Rows of a training file, and the hash of all of them once they have been read. */
export interface TrainingRows {
  batches(): AsyncIterable<RowBatch>
  /** Hash of labels and features so far. */
  sha256(): string
}

/**
 * A training file: the label (0 or 1) first, then the features in order. MISMATCH when the columns are not those,
 * BAD_INPUT for an infinite value or another label; NaN and null are missing.
 */
export function trainingRows(
  warehouse: Pick<Warehouse, 'describeFile' | 'scanFile'>,
  path: string,
  featureNames: readonly string[],
): TrainingRows {
  const labelHash = createHash('sha256')
  const featureHash = createHash('sha256')
  return {
    async *batches() {
      const names = (await warehouse.describeFile(path)).map(({ name }) => name)
      const [label, ...features] = names
      if (label === undefined || features.join() !== featureNames.join())
        throw new OperatorError(
          'MISMATCH',
          `the training file ${path} has the columns ${names.join(', ')}; expected a label, then ${featureNames.join(', ')}`,
          'Build the training set anew.',
        )
      const types = Object.fromEntries(names.map((name) => [name, 'FLOAT' as const]))
      for await (const batch of warehouse.scanFile(path, types)) {
        const rows = {
          labels: Float32Array.from(columnOf(batch.columns, label)),
          features: interleave(batch.rows, featureNames, batch.columns, path),
        }
        const bad = rows.labels.findIndex((y) => y !== 0 && y !== 1)
        if (bad !== -1)
          throw new OperatorError(
            'BAD_INPUT',
            `${path}: the label ${label} is ${rows.labels[bad]}, neither 0 nor 1`,
          )
        labelHash.update(rows.labels)
        featureHash.update(rows.features)
        yield rows
      }
    },
    sha256: () =>
      createHash('sha256')
        .update(labelHash.copy().digest())
        .update(featureHash.copy().digest())
        .digest('hex'),
  }
}

type Columns = Readonly<Record<string, ArrayLike<unknown>>>

/** A FLOAT column, which comes as a Float32Array with NaN for null. */
function columnOf(columns: Columns, name: string): Float32Array {
  const values = columns[name]
  if (!(values instanceof Float32Array)) throw new TypeError(`column ${name} is not a float32 array`)
  return values
}

/** Columns as row-major rows. */
function interleave(rows: number, names: readonly string[], columns: Columns, path: string): Float32Array {
  const width = names.length
  const out = new Float32Array(rows * width)
  for (const [c, name] of names.entries()) {
    const values = columnOf(columns, name)
    for (let r = 0, at = c; r < rows; r++, at += width) {
      const value = values[r] ?? Number.NaN
      if (value === Infinity || value === -Infinity)
        throw new OperatorError('BAD_INPUT', `${path}: the feature ${name} has an infinite value`)
      out[at] = value
    }
  }
  return out
}
