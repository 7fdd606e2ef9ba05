/** One lake's metrics in Prometheus' text format. */
export interface Exposition {
  readonly lake: string
  readonly text: string
}

/**
 * Several expositions as one: each metric's lines stand together under one HELP and TYPE, and each sample gets the label
 * `lake`, since endpoints of two lakes may have the same name. A single one stays as it is.
 */
export function mergeExpositions(expositions: readonly Exposition[]): string {
  const [only, second] = expositions
  if (second === undefined) return only?.text ?? ''
  const families = new Map<string, { head: string[]; samples: string[] }>()
  for (const { lake, text } of expositions) {
    for (const line of text.split('\n').filter((l) => l !== '')) {
      const comment = /^# (?:HELP|TYPE) (\S+)/.exec(line)
      const name = comment?.[1] ?? /^[^\s{]+/.exec(line)?.[0] ?? ''
      const family = families.get(name) ?? { head: [], samples: [] }
      families.set(name, family)
      if (!comment) family.samples.push(labelled(line, lake))
      else if (!family.head.some((known) => known.slice(0, 6) === line.slice(0, 6))) family.head.push(line)
    }
  }
  return [...families.values()].flatMap(({ head, samples }) => [...head, ...samples, '']).join('\n')
}

function labelled(sample: string, lake: string): string {
  const label = `lake="${lake}"`
  const brace = sample.indexOf('{')
  if (brace < 0) return sample.replace(/^\S+/, (name) => `${name}{${label}}`)
  const rest = sample.slice(brace + 1)
  return `${sample.slice(0, brace)}{${label}${rest.startsWith('}') ? '' : ','}${rest}`
}
