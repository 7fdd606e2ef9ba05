import type { Reporter } from '../../core/report.ts'

/** Lines of a job in a log that nobody watches: no bars and no steps, and the city before each when there are several. */
export function reporterOf(report: Reporter, city?: string): Reporter {
  const prefix = city === undefined ? '' : `${city}: `
  return {
    info: (message, fields) => report.info(prefix + message, fields),
    warn: (message, fields) => report.warn(prefix + message, fields),
    start: () => ({ update: () => {}, end: () => {} }),
  }
}
