import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCH_NAMES, BENCHES, onRequest, type BenchName } from './harness/catalogue.ts'
import { runTask } from './harness/child.ts'
import { INPUTS, preparedInputs, type InputName } from './harness/inputs.ts'
import { lineOf } from './harness/line.ts'
import type { RecordingChoice } from './harness/recordings.ts'

const USAGE = `Usage: npm run bench -- [options] [BENCH…]
Prints one JSON line a bench, and adds it to bench/results/lines.jsonl. Without names, all run that have no star.
  --data DIR   the folder with the recordings (default: $SHARED_DIR/data, else ../shared/data);
               a simulated city of the same size where there are none
  --days N     no more than the last N days of them: a look, no figure to keep
Benches: ${BENCH_NAMES.map((name) => `${name}${onRequest(name) ? '*' : ''}`).join(', ')}
`

const RESULTS = join(import.meta.dirname, 'results')
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
process.exitCode = await main()

async function main(): Promise<number> {
  let chosen: { names: BenchName[]; choice: RecordingChoice } | undefined
  try {
    chosen = choose(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n${USAGE}`)
    return 2
  }
  if (!chosen) {
    process.stdout.write(USAGE)
    return 0
  }
  const runFolder = await mkdtemp(join(tmpdir(), 'bikeshare-bench-'))
  try {
    return await runAll(runFolder, chosen.names, chosen.choice)
  } finally {
    await rm(runFolder, { recursive: true, force: true })
  }
}

/** Undefined when only help is asked for. */
function choose(argv: string[]): { names: BenchName[]; choice: RecordingChoice } | undefined {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { data: { type: 'string' }, days: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return undefined
  const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name))
  if (unknown !== undefined) throw new Error(`there is no bench "${unknown}"`)
  const days = values.days === undefined ? null : Number(values.days)
  if (days !== null && !(Number.isInteger(days) && days > 0)) throw new Error(`--days takes a whole number`)
  return {
    names: BENCH_NAMES.filter((name) =>
      positionals.length > 0 ? positionals.includes(name) : !onRequest(name),
    ),
    choice: { dataDir: resolve(values.data ?? join(process.env['SHARED_DIR'] ?? '../shared', 'data')), days },
  }
}

async function runAll(
  runFolder: string,
  names: readonly BenchName[],
  choice: RecordingChoice,
): Promise<number> {
  const prepared = new Map<InputName, Promise<void>>()
  const prepare = (input: InputName): Promise<void> => {
    const made = prepared.get(input) ?? makeInput(input)
    prepared.set(input, made)
    return made
  }
  const makeInput = async (input: InputName): Promise<void> => {
    for (const need of INPUTS[input].needs) await prepare(need)
    process.stderr.write(`bench: preparing ${input}\n`)
    const folder = preparedInputs(runFolder).path(input)
    await mkdir(folder, { recursive: true })
    await runTask({ do: 'prepare', input, choice, runFolder, folder }, stop.signal)
  }

  let failed = 0
  for (const bench of names) {
    const folder = join(runFolder, bench)
    try {
      for (const input of BENCHES[bench].needs) await prepare(input)
      process.stderr.write(`bench: ${bench}\n`)
      await mkdir(folder)
      const measured = await runTask({ do: 'measure', bench, runFolder, folder }, stop.signal)
      if (!measured) throw new Error(`the bench ${bench} measured nothing`)
      const line = lineOf(bench, measured, {
        source: await sourceOf(runFolder, bench),
        days: choice.days,
        cores: availableParallelism(),
        at: new Date(),
      })
      process.stdout.write(`${line}\n`)
      await mkdir(RESULTS, { recursive: true })
      await appendFile(join(RESULTS, 'lines.jsonl'), `${line}\n`)
    } catch (error) {
      if (stop.signal.aborted) return 130
      process.stderr.write(`bench: ${(error as Error).message}\n`)
      failed++
    }
    await rm(folder, { recursive: true, force: true })
  }
  return failed === 0 ? 0 : 1
}

/** Whether a bench ran on a recording or on a simulation. */
async function sourceOf(runFolder: string, bench: BenchName): Promise<string> {
  const needs: readonly InputName[] = BENCHES[bench].needs
  const inputs = preparedInputs(runFolder)
  const city = needs.includes('nyc-recording') ? 'nyc' : needs.length > 0 ? 'sf' : undefined
  return city === undefined ? 'simulation' : (await inputs.recording(city)).source
}
