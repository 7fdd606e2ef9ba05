import type { ModelShape, TreeShape } from './tree-shape.ts'

/**
 * Reads the trees of a model in XGBoost's old binary format (`save_model` without an extension, which SageMaker's
 * built-in image writes). Layout: `binf`, 136 bytes of learner parameters, the names of objective and booster, 160 bytes
 * of booster parameters, then every tree as 148 bytes of parameters, 20 bytes a node and 16 bytes of statistics a node.
 * Throws RangeError where the content ends early.
 */
export function readLegacyModel(bytes: Uint8Array): ModelShape {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = MAGIC_BYTES
  const baseScore = view.getFloat32(at, true)
  const features = view.getUint32(at + 4, true)
  const classes = view.getInt32(at + 8, true)
  at += LEARNER_BYTES
  const name = (): string => {
    const length = Number(view.getBigUint64(at, true))
    if (length > MAX_NAME) throw new RangeError(`a name of ${length} bytes`)
    at += 8 + length
    if (at > bytes.length) throw new RangeError('a name goes beyond the end')
    return new TextDecoder().decode(bytes.subarray(at - length, at))
  }
  const objective = name()
  const booster = name()
  const count = view.getInt32(at, true)
  if (view.getInt32(at + 28, true) !== 0) throw new RangeError('its leaves are vectors')
  at += BOOSTER_BYTES
  if (count < 0 || count * TREE_BYTES > bytes.length) throw new RangeError(`${count} trees cannot be in it`)
  const trees: TreeShape[] = []
  for (let t = 0; t < count; t++) {
    const nodes = view.getInt32(at + 4, true)
    if (view.getInt32(at + 16, true) !== features || view.getInt32(at + 20, true) !== 0)
      throw new RangeError(`tree ${t} is of another number of features`)
    at += TREE_BYTES
    if (nodes < 1 || nodes * (NODE_BYTES + STAT_BYTES) > bytes.length - at)
      throw new RangeError(`tree ${t}: ${nodes} nodes cannot be in it`)
    const parent = new Int32Array(nodes)
    const left = new Int32Array(nodes)
    const right = new Int32Array(nodes)
    const feature = new Int32Array(nodes)
    for (let n = 0; n < nodes; n++) {
      // The highest bit tells a left child.
      parent[n] = view.getInt32(at + n * NODE_BYTES, true) & 0x7fffffff
      left[n] = view.getInt32(at + n * NODE_BYTES + 4, true)
      right[n] = view.getInt32(at + n * NODE_BYTES + 8, true)
      // The highest bit is the direction of missing values.
      feature[n] = view.getUint32(at + n * NODE_BYTES + 12, true) & 0x7fffffff
    }
    trees.push({ parent, left, right, feature })
    at += nodes * (NODE_BYTES + STAT_BYTES)
  }
  // One int a tree for its class, then attributes.
  for (let t = 0; t < count; t++)
    if (view.getInt32(at + t * 4, true) !== 0) throw new RangeError(`tree ${t} is of another class`)
  return { objective, booster, baseScore, features, classes, trees }
}

const MAGIC_BYTES = 4
const LEARNER_BYTES = 136
const BOOSTER_BYTES = 160
const TREE_BYTES = 148
const NODE_BYTES = 20
const STAT_BYTES = 16
const MAX_NAME = 256
