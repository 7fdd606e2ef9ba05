/**
 * The first `count` trees of a JSON model replaced by those of another; all else stays. Works on the text: XGBoost tells
 * `1.0` and `1` apart, which a round trip through numbers does not.
 */
export function replaceFirstTrees(model: string, count: number, source: string): string {
  const target = splitTrees(model)
  const taken = splitTrees(source).trees.slice(0, count)
  if (taken.length !== count || target.trees.length < count)
    throw new RangeError(`${count} trees cannot be taken from ${taken.length} into ${target.trees.length}`)
  return target.head + [...taken, ...target.trees.slice(count)].join(',') + target.tail
}

/** A JSON model cut around the elements of its `trees`. */
function splitTrees(model: string): { head: string; trees: string[]; tail: string } {
  const key = '"trees":['
  const found = model.indexOf(key)
  if (found === -1) throw new RangeError('the model has no trees')
  const begin = found + key.length
  const trees: string[] = []
  let depth = 0
  let start = begin
  let inString = false
  for (let at = begin; at < model.length; at++) {
    const char = model[at]
    if (inString) {
      if (char === '\\') at += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      if (depth === 0) start = at
      depth += 1
    } else if (char === '}' || char === ']') {
      if (depth === 0) return { head: model.slice(0, begin), trees, tail: model.slice(at) }
      depth -= 1
      if (depth === 0) trees.push(model.slice(start, at + 1))
    }
  }
  throw new RangeError('the list of trees does not end')
}
