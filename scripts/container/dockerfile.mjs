/**
 * The stages of a Dockerfile: `[{ base, name, steps: [{ word, rest }] }]`. Comments are left out and lines that end in `\` are
 * put together, as Docker does.
 */
export function stagesOf(text) {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const stages = []
  for (const line of lines) {
    const [, word, rest] = /^([A-Za-z]+)\s+(.*)$/.exec(line) ?? []
    if (word === undefined) throw new Error(`deploy/Dockerfile has a line that is no instruction: ${line}`)
    if (word.toUpperCase() === 'FROM') {
      const [, base, name = String(stages.length)] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? []
      stages.push({ base, name, steps: [] })
    } else stages.at(-1).steps.push({ word: word.toUpperCase(), rest })
  }
  return stages
}

/** `["a", "b"]` as words; what is for a shell as a command of one. */
export function commandOf(rest) {
  return rest.startsWith('[') ? JSON.parse(rest) : ['/bin/sh', '-c', rest]
}
