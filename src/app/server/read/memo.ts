/** What was made of something, kept while it is used, up to a total weight. */
export interface Memo<V> {
  /**
   * The value kept under `key` when it was made for the same `token`; else it is made. Two who ask at once share one making.
   * What could not be made is not kept.
   */
  get(key: string, token: string, make: () => Promise<V>): Promise<V>
  /** The value kept under `key`, of whatever token; undefined without one. */
  peek(key: string): V | undefined
  /** Keeps a value that was made together with others. */
  keep(key: string, token: string, value: V): void
  /** True when `get` would answer at once or is at work already. */
  has(key: string, token: string): boolean
}

interface Entry<V> {
  readonly token: string
  readonly promise: Promise<V>
  value: { readonly made: V; readonly weight: number } | undefined
}

/** Opens one; what was not used for longest goes first, and the newest stays whatever it weighs. */
export function openMemo<V>(o: { readonly most: number; readonly weigh?: (value: V) => number }): Memo<V> {
  const entries = new Map<string, Entry<V>>()
  const weigh = o.weigh ?? (() => 1)
  let total = 0
  const drop = (key: string): void => {
    total -= entries.get(key)?.value?.weight ?? 0
    entries.delete(key)
  }
  const settle = (entry: Entry<V>, made: V): void => {
    const weight = weigh(made)
    entry.value = { made, weight }
    total += weight
    for (const [oldest, other] of entries) {
      if (total <= o.most) return
      if (other !== entry && other.value) drop(oldest)
    }
  }
  const touch = (key: string, entry: Entry<V>): void => {
    entries.delete(key)
    entries.set(key, entry)
  }
  return {
    get(key, token, make) {
      const known = entries.get(key)
      if (known?.token === token) {
        touch(key, known)
        return known.promise
      }
      drop(key)
      const entry: Entry<V> = { token, promise: make(), value: undefined }
      entries.set(key, entry)
      entry.promise.then(
        (made) => entries.get(key) === entry && settle(entry, made),
        () => entries.get(key) === entry && drop(key),
      )
      return entry.promise
    },
    peek: (key) => entries.get(key)?.value?.made,
    keep(key, token, value) {
      drop(key)
      const entry: Entry<V> = { token, promise: Promise.resolve(value), value: undefined }
      entries.set(key, entry)
      settle(entry, value)
    },
    has: (key, token) => entries.get(key)?.token === token,
  }
}
