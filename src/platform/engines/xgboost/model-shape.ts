import { z } from 'zod'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { readLegacyModel } from './legacy-model.ts'
import type { ModelShape, TreeShape } from './tree-shape.ts'
import { parseUbjson } from './ubjson.ts'

/**
 * Reads a model file of any of XGBoost's three formats and checks that it can be scored safely: the library itself
 * follows damaged indices out of its memory, which ends the process. CORRUPT when it is damaged, MISMATCH when it is a
 * sound model of another kind than `binary:logistic` over trees.
 */
export function checkModel(model: Uint8Array): ModelShape {
  let shape: ModelShape
  try {
    shape = readShape(model)
    for (const [index, tree] of shape.trees.entries()) checkTree(tree, index, shape.features)
    if (!(shape.baseScore > 0 && shape.baseScore < 1)) throw new RangeError(`base score ${shape.baseScore}`)
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `the model file (${model.length} bytes) is damaged or no XGBoost model: ${reason(error)}`,
      'Take the version again from where it came, or train it anew.',
      error,
    )
  }
  if (shape.booster !== 'gbtree' || shape.objective !== 'binary:logistic' || shape.classes > 1)
    throw new OperatorError(
      'MISMATCH',
      `the model is ${shape.objective} over ${shape.booster}; only binary:logistic over gbtree can be scored`,
    )
  return shape
}

function readShape(model: Uint8Array): ModelShape {
  const [first, second] = model
  if (first !== OPEN_BRACE) {
    if (!LEGACY_MAGIC.every((byte, i) => model[i] === byte))
      throw new SyntaxError('it has no known beginning')
    return readLegacyModel(model)
  }
  // UBJ goes on with the marker of a length, JSON with a quote or white space.
  const isUbj = second !== undefined && 'iUIlL'.includes(String.fromCharCode(second))
  const parsed = isUbj
    ? parseUbjson(model)
    : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(model))
  const { learner } = modelSchema.parse(parsed)
  const { model: inner, name } = learner.gradient_booster
  if (
    inner.trees.length !== inner.gbtree_model_param.num_trees ||
    inner.tree_info.length !== inner.trees.length
  )
    throw new RangeError(`${inner.trees.length} trees of ${inner.gbtree_model_param.num_trees}`)
  return {
    objective: learner.objective.name,
    booster: name,
    baseScore: learner.learner_model_param.base_score,
    features: learner.learner_model_param.num_feature,
    classes: Math.max(learner.learner_model_param.num_class, learner.learner_model_param.num_target),
    trees: inner.trees.map((tree, index) => {
      const nodes = tree.tree_param.num_nodes
      for (const name of NODE_ARRAYS)
        if (tree[name].length !== nodes)
          throw new RangeError(`tree ${index}: ${tree[name].length} ${name} for ${nodes} nodes`)
      if (tree.id !== index || tree.tree_param.num_feature !== learner.learner_model_param.num_feature)
        throw new RangeError(
          `tree ${index} says it is tree ${tree.id} of ${tree.tree_param.num_feature} features`,
        )
      if (inner.tree_info[index] !== 0)
        throw new RangeError(`tree ${index} is of class ${inner.tree_info[index]}`)
      return {
        parent: tree.parents,
        left: tree.left_children,
        right: tree.right_children,
        feature: tree.split_indices,
      }
    }),
  }
}

/** Nodes form one tree, parents and children agree, and every split looks at a feature there is. */
function checkTree({ parent, left, right, feature }: TreeShape, index: number, features: number): void {
  const nodes = left.length
  const fault = (node: number, text: string): never => {
    throw new RangeError(`tree ${index}, node ${node} ${text}`)
  }
  const seen = new Uint8Array(nodes)
  const open = [0]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen[node]) fault(node, 'is reached twice')
    seen[node] = 1
    const l = left[node] ?? -1
    const r = right[node] ?? -1
    if (l === -1) continue
    if (!(Number.isInteger(l) && l > 0 && l < nodes)) fault(node, `points to node ${l} of ${nodes}`)
    if (!(Number.isInteger(r) && r > 0 && r < nodes)) fault(node, `points to node ${r} of ${nodes}`)
    const f = feature[node] ?? -1
    if (!(Number.isInteger(f) && f >= 0 && f < features)) fault(node, `splits by feature ${f} of ${features}`)
    for (const child of [l, r])
      if (parent[child] !== node) fault(child, `has node ${parent[child]} for its parent, not ${node}`)
    open.push(l, r)
  }
  // A pruned node stays in the file. The library still walks up from it.
  for (let node = 1; node < nodes; node++) {
    const above = parent[node] ?? -1
    if (!seen[node] && !(Number.isInteger(above) && above >= 0 && above < node))
      fault(node, `has node ${above} for its parent`)
  }
}

const NODE_ARRAYS = [
  'left_children',
  'right_children',
  'parents',
  'split_indices',
  'split_conditions',
  'split_type',
  'default_left',
  'base_weights',
  'loss_changes',
  'sum_hessian',
] as const

/** Numbers in parameters are written as text. */
const numeric = z.coerce.number()
const integer = z.coerce.number().int().nonnegative()
const array = z.custom<readonly number[]>(Array.isArray, 'not an array')

const treeSchema = z.object({
  id: z.int(),
  tree_param: z.object({ num_nodes: integer.min(1), num_feature: integer }),
  left_children: array,
  right_children: array,
  parents: array,
  split_indices: array,
  split_conditions: array,
  split_type: array.refine((types) => types.every((type) => type === 0), 'categorical splits'),
  default_left: array,
  base_weights: array,
  loss_changes: array,
  sum_hessian: array,
  categories: array.refine(isEmpty, 'categories'),
  categories_nodes: array.refine(isEmpty, 'categories'),
  categories_segments: array.refine(isEmpty, 'categories'),
  categories_sizes: array.refine(isEmpty, 'categories'),
})

const modelSchema = z.object({
  version: z.tuple([z.int(), z.int(), z.int()]),
  learner: z.object({
    learner_model_param: z.object({
      base_score: numeric,
      num_feature: integer,
      num_class: integer,
      num_target: integer.default(1),
    }),
    objective: z.object({ name: z.string() }),
    gradient_booster: z.object({
      name: z.string(),
      model: z.object({
        gbtree_model_param: z.object({ num_trees: integer }),
        tree_info: array,
        trees: z.array(treeSchema),
      }),
    }),
  }),
})

const OPEN_BRACE = 0x7b
/** `binf` */
const LEGACY_MAGIC = [0x62, 0x69, 0x6e, 0x66]

function isEmpty(values: readonly number[]): boolean {
  return values.length === 0
}

function reason(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error)
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.')}: ${issue.message}` : error.message
}
