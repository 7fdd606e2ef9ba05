import type { Served } from '../../core/contracts/history.ts'

/** The model versions that serve, with their weights where there are several. Undefined is not known, null nothing. */
export function servedWords(served: Served | null | undefined): string {
  if (served === undefined) return 'not known'
  if (served === null) return 'nothing'
  const [only, ...others] = served.variants
  if (only && others.length === 0) return only.model_version
  return served.variants.map((v) => `${v.variant} ${v.model_version} (weight ${v.weight})`).join(', ')
}
