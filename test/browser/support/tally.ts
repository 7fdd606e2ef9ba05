/** Counts what a file looked at, for one line at its end. */
export interface Tally {
  look(view: string, state: string): void
  rules(ids: readonly string[]): void
  line(): string
}

export function openTally(): Tally {
  const looked = new Set<string>()
  const states = new Set<string>()
  const views = new Set<string>()
  const rules = new Set<string>()
  let runs = 0
  return {
    look(view, state) {
      looked.add(`${view} ${state}`)
      states.add(state)
      views.add(view)
    },
    rules(ids) {
      runs += 1
      for (const id of ids) rules.add(id)
    },
    line: () =>
      `looked at ${looked.size} of views x states (${views.size} views; ${[...states].join(', ')}); ` +
      `axe ran ${runs} times, ${rules.size} of its rules had something to judge`,
  }
}
