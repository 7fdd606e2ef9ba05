import { performance } from 'node:perf_hooks'

/** A failure to be told in one sentence, without a stack. */
export class SetupError extends Error {}

/**
 * Says what set-up does, on standard error: one line a step, with a bar or the seconds where somebody watches.
 * With `quiet`, what was there already is not mentioned.
 */
export function openProgress({ quiet, stream = process.stderr }) {
  const live = stream.isTTY
  return {
    /** Something that was there already. */
    there(text) {
      if (!quiet) stream.write(`${text}\n`)
    },
    say(text) {
      stream.write(`${text}\n`)
    },
    /** Runs one step. `work` may call its argument with the part that is done, 0 to 1. */
    async step(label, work) {
      const began = performance.now()
      const seconds = () => ((performance.now() - began) / 1000).toFixed(0)
      let part
      const draw = () => {
        const width = 24
        const bar = part === undefined ? '' : ` [${'#'.repeat(Math.round(part * width)).padEnd(width, '.')}]`
        stream.write(`\r\u001b[2K${label}${bar} ${seconds()} s`)
      }
      if (!live) stream.write(`${label} ...\n`)
      // Without a terminal, a line now and then shows that it is still at work.
      const timer = setInterval(
        live ? draw : () => stream.write(`  still at it, ${seconds()} s\n`),
        live ? 100 : 20_000,
      )
      timer.unref()
      try {
        const result = await work((done) => {
          part = done
        })
        if (live) stream.write(`\r\u001b[2K${label}: done, ${seconds()} s\n`)
        return result
      } catch (error) {
        if (live) stream.write('\r\u001b[2K')
        throw error
      } finally {
        clearInterval(timer)
      }
    },
  }
}
