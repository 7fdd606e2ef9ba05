import type { Messages, Texts, Translate } from './define.ts'

/**
 * A text whose key comes from the server (a chart's id, a phase); the fallback where the catalogue has none, so that what is
 * new is shown by its own name rather than not at all. Texts with parameters are not for this.
 */
export function textOr<E extends Messages>(
  texts: Texts<E>,
  t: Translate<E>,
  key: string,
  fallback: string,
): string {
  return Object.hasOwn(texts.en, key) ? (t as unknown as (key: string) => string)(key) : fallback
}
