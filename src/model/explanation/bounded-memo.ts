/** Remembers what was made for the last keys that were asked for. */
export interface BoundedMemo<T> {
  /** What is remembered for `key`, else what `make` gives. Callers at the same time share one making; a failed one is forgotten. */
  get(key: string, make: () => Promise<T>): Promise<T>
  /** Forgets all; what was remembered, for its owner to give back. */
  clear(): Promise<T>[]
}

/** Keeps at most `most` values; the one asked for longest ago goes first, and `forgotten` hears of it. */
export function boundedMemo<T>(most: number, forgotten?: (value: Promise<T>) => void): BoundedMemo<T> {
  const values = new Map<string, Promise<T>>()
  return {
    get(key, make) {
      const found = values.get(key)
      if (found) {
        values.delete(key)
        values.set(key, found)
        return found
      }
      const made = make()
      values.set(key, made)
      made.catch(() => {
        if (values.get(key) === made) values.delete(key)
      })
      const [oldest] = values
      if (values.size > most && oldest) {
        values.delete(oldest[0])
        forgotten?.(oldest[1])
      }
      return made
    },
    clear() {
      const all = [...values.values()]
      values.clear()
      return all
    },
  }
}
