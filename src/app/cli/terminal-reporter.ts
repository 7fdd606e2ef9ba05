import { SingleBar } from 'cli-progress'
import type { Progress, Reporter } from '../../core/report.ts'

/** Where a reporter writes, and how. */
export interface TerminalOptions {
  readonly stream: NodeJS.WriteStream
  /** Draw bars (a person is watching) or plain lines. */
  readonly bars: boolean
  /** Only warnings. */
  readonly quiet: boolean
  /** Milliseconds, monotonic. */
  readonly elapsed: () => number
}

/** A plain line at most this often for one step, in milliseconds. */
const LINE_EVERY_MS = 5000
/** A bar appears once a step takes this long, in milliseconds. */
const BAR_AFTER_MS = 500

/** Progress on a terminal: bars when a person is watching, plain lines when not. */
export function openTerminalReporter(options: TerminalOptions): Reporter {
  const write = (text: string): void => void options.stream.write(`${text}\n`)
  const say = (level: string, message: string, fields?: Readonly<Record<string, unknown>>): void =>
    write(`${level}${message}${fields ? `  ${fieldText(fields)}` : ''}`)
  return {
    info: (message, fields) => {
      if (!options.quiet) say('', message, fields)
    },
    warn: (message, fields) => say('warning: ', message, fields),
    start: (label, total) => {
      if (options.quiet) return { update: () => {}, end: () => {} }
      return options.bars && total !== undefined
        ? bar(options, label, total)
        : lines(options, label, total, write)
    },
  }
}

function fieldText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}

function lines(
  options: TerminalOptions,
  label: string,
  total: number | undefined,
  write: (text: string) => void,
): Progress {
  const started = options.elapsed()
  let last = started
  return {
    update: (done, note) => {
      const at = options.elapsed()
      if (at - last < LINE_EVERY_MS) return
      last = at
      const share = total ? ` ${Math.floor((100 * done) / total)} %` : ` ${done}`
      write(`${label}:${share}${note ? `, ${note}` : ''}`)
    },
    end: (note) => write(`${label}: ${note ?? 'done'} (${seconds(options.elapsed() - started)})`),
  }
}

function bar(options: TerminalOptions, label: string, total: number): Progress {
  const started = options.elapsed()
  let drawn: SingleBar | undefined
  return {
    update: (done, note) => {
      if (!drawn && options.elapsed() - started >= BAR_AFTER_MS) {
        drawn = new SingleBar({
          stream: options.stream,
          format: '{label} {bar} {percentage} % | {eta_formatted} left | {note}',
          barsize: 24,
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
        })
        drawn.start(total, done, { label, note: note ?? '' })
      }
      drawn?.update(done, { label, note: note ?? '' })
    },
    end: (note) => {
      drawn?.update(total)
      drawn?.stop()
      options.stream.write(`${label}: ${note ?? 'done'} (${seconds(options.elapsed() - started)})\n`)
    },
  }
}
