/** An event with its number. */
export interface Numbered<Event> {
  readonly seq: number
  readonly event: Event
}

/** The last events of one run of the server. */
export interface Ring<Event> {
  /** `RUN-N`. */
  idOf(seq: number): string
  /** Number of the newest; 0 before the first. */
  readonly newest: number
  add(event: Event): Numbered<Event>
  /** What came after an id, the oldest first; undefined when that is not known any more, or of another run. */
  since(id: string): readonly Numbered<Event>[] | undefined
}

/** Keeps the newest `size` events. `run` names this run of the server. */
export function openRing<Event>(run: string, size: number): Ring<Event> {
  const kept: Numbered<Event>[] = []
  let newest = 0
  return {
    idOf: (seq) => `${run}-${seq}`,
    get newest() {
      return newest
    },
    add(event) {
      const numbered = { seq: ++newest, event }
      kept.push(numbered)
      if (kept.length > size) kept.shift()
      return numbered
    },
    since(id) {
      const digits = id.startsWith(`${run}-`) ? id.slice(run.length + 1) : ''
      const seq = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN
      if (!(seq <= newest && seq >= newest - kept.length)) return undefined
      return kept.filter((one) => one.seq > seq)
    },
  }
}
