import type { Evaluation, Manifest } from '../../core/contracts/manifest.ts'
import { isoOf } from '../../core/time.ts'

/** One line of a comparison. */
export interface DiffRow {
  /** Such as `params.max_depth`, `validation.onset_pr_auc` or `gain.util_bikes`. */
  readonly name: string
  readonly a: string | number | null
  readonly b: string | number | null
  readonly same: boolean
}

/** Share of the total gain by feature; 0..1. */
export type Importance = Readonly<Record<string, number>>

/**
 * Two versions side by side: what they were made of, how, and what they came to; and, where `importance` is given, what
 * they look at. A figure that one of them does not have is null.
 */
export function diffModels(
  a: Manifest,
  b: Manifest,
  importance?: { readonly a: Importance; readonly b: Importance },
): DiffRow[] {
  const left = facts(a, importance?.a)
  const right = facts(b, importance?.b)
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].map((name) => {
    const [x, y] = [left[name] ?? null, right[name] ?? null]
    return { name, a: x, b: y, same: x === y }
  })
}

type Facts = Record<string, string | number | null>

function facts(manifest: Manifest, importance: Importance = {}): Facts {
  const { training, metrics } = manifest
  return {
    city: manifest.city,
    target: manifest.target,
    feature_contract: manifest.feature_contract,
    features: manifest.feature_names.join(' '),
    library: manifest.library.version,
    rounds: manifest.rounds,
    threshold: manifest.threshold,
    'training.from': isoOf(training.from),
    'training.train_until': isoOf(training.train_until),
    'training.validation_from': isoOf(training.validation_from),
    'training.until': isoOf(training.until),
    'training.train_rows': training.train_rows,
    'training.validation_rows': training.validation_rows,
    'training.data_sha256': training.data_sha256,
    ...prefixed('params', manifest.params),
    ...figures('train', metrics.train),
    ...figures('validation', metrics.validation),
    ...(metrics.test ? figures('test', metrics.test) : {}),
    ...prefixed('gain', importance),
  }
}

function figures(split: string, { confusion, ...rest }: Evaluation): Facts {
  return { ...prefixed(split, rest), ...prefixed(`${split}.confusion`, confusion) }
}

function prefixed(prefix: string, values: Facts): Facts {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]))
}
