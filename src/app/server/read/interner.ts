/** Gives each text a number of its own, from 0, the same ever after. */
export interface Interner {
  readonly size: number
  /** The number of a text, a new one when it has none. */
  place(text: string): number
  /** The number of a text; undefined when it has none. */
  find(text: string): number | undefined
}

export function openInterner(): Interner {
  const places = new Map<string, number>()
  return {
    get size() {
      return places.size
    },
    place(text) {
      const known = places.get(text)
      if (known !== undefined) return known
      places.set(text, places.size)
      return places.size - 1
    },
    find: (text) => places.get(text),
  }
}
