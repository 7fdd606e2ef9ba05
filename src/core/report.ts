/** Where a stage says how far it is. The terminal draws it; tests and machines may ignore it. */
export interface Reporter {
  /** A fact worth a line. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Something an operator should know, though the work goes on. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** Starts a step; `total` in any unit, absent when unknown. */
  start(label: string, total?: number): Progress
}

/** One step under way. */
export interface Progress {
  /** `done` so far, in the unit of `total`, and what to show beside it. */
  update(done: number, note?: string): void
  /** Ends the step, with its closing line. */
  end(note?: string): void
}

/** Says nothing. */
export const silentReporter: Reporter = {
  info: () => {},
  warn: () => {},
  start: () => ({ update: () => {}, end: () => {} }),
}
