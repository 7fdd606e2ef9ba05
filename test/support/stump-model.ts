import { homedir } from 'node:os'
import { FEATURE_NAMES } from '../../src/core/contracts/features.ts'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'

/** The XGBoost library of this machine, as the program itself finds it. */
export const libraryPath = (): string => findXgboostLibrary({ env: process.env, home: homedir() }).path

/** What a stump says of a row: of a low value of its feature, of a high one, and when it is missing (as of a low one). */
export interface StumpScores {
  readonly low: number
  readonly high: number
}

/**
 * A model of one split, in XGBoost's own JSON: `feature` below 0.5 (or missing) scores `low`, else `high`. Scores are
 * known without a training. `featureNames` are written into it.
 */
export function stumpModel(
  { low, high }: StumpScores,
  feature = 0,
  featureNames: readonly string[] = FEATURE_NAMES,
): Uint8Array {
  return modelOf([[logit(low), logit(high)]], feature, featureNames)
}

/** A model whose trees add infinity to minus infinity for high values of the first feature: no number comes of it. */
export function brokenModel(): Uint8Array {
  return modelOf(
    [
      [0, 1e39],
      [0, -1e39],
    ],
    0,
    FEATURE_NAMES,
  )
}

/** XGBoost tells `1E0`, a real, from `1`, an integer. */
const real = (value: number): string => `real:${value.toExponential()}`

const logit = (p: number): number => Math.log(p / (1 - p))

function modelOf(
  leaves: readonly (readonly [number, number])[],
  feature: number,
  featureNames: readonly string[],
): Uint8Array {
  const trees = leaves.map(([low, high], id) => ({
    base_weights: [0, low, high].map(real),
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: [1, 0, 0],
    id,
    left_children: [1, -1, -1],
    loss_changes: [1, 0, 0].map(real),
    parents: [2147483647, 0, 0],
    right_children: [2, -1, -1],
    split_conditions: [0.5, low, high].map(real),
    split_indices: [feature, 0, 0],
    split_type: [0, 0, 0],
    sum_hessian: [2, 1, 1].map(real),
    tree_param: {
      num_deleted: '0',
      num_feature: String(featureNames.length),
      num_nodes: '3',
      size_leaf_vector: '0',
    },
  }))
  const model = {
    learner: {
      attributes: {},
      feature_names: featureNames,
      feature_types: [],
      gradient_booster: {
        model: {
          gbtree_model_param: {
            num_parallel_tree: '1',
            num_trees: String(trees.length),
            size_leaf_vector: '0',
          },
          tree_info: trees.map(() => 0),
          trees,
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: '5E-1',
        boost_from_average: '1',
        num_class: '0',
        num_feature: String(featureNames.length),
        num_target: '1',
      },
      objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version: [1, 7, 4],
  }
  return Buffer.from(JSON.stringify(model).replaceAll(/"real:([^"]*)"/g, '$1'))
}
