import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GOALS, type Goal } from './harness/goals.ts'
import { lineSchema, type BenchLine } from './harness/line.ts'

// Renders lines of `npm run bench` (bench/results/lines.jsonl, or the files named) into docs/performance.md, between its
// markers: of every bench the last whole run. What was not measured is shown as that.

const ROOT = resolve(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs/performance.md')
const BEGIN = '<!-- figures: npx tsx bench/table.ts -->'
const END = '<!-- end of figures -->'

const RESULTS = join(ROOT, 'bench/results/lines.jsonl')

const named = process.argv.slice(2)
const lines = await readLines(named.length > 0 ? named : [RESULTS].filter((path) => existsSync(path)))
const page = await readFile(PAGE, 'utf8')
const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
if (before === -1 || after < before)
  throw new Error(`${PAGE} has no place for the figures, between ${BEGIN} and ${END}`)
const tables = `${goalsTable(lines)}\n\n${runsTable(lines)}`
await writeFile(PAGE, `${page.slice(0, before)}${BEGIN}\n\n${tables}\n\n${page.slice(after)}`)

/** The last line of every bench that used all of its input. */
async function readLines(paths: readonly string[]): Promise<Map<string, BenchLine>> {
  const lines = new Map<string, BenchLine>()
  for (const path of paths)
    for (const text of (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('{'))) {
      const line = lineSchema.parse(JSON.parse(text))
      if (line.days === undefined) lines.set(line.bench, line)
    }
  return lines
}

function goalsTable(lines: ReadonlyMap<string, BenchLine>): string {
  const rows = GOALS.map((goal) => {
    const value = lines.get(goal.bench)?.[goal.figure]
    const measured = typeof value === 'number'
    return [
      goal.what,
      goal.atMost === undefined
        ? `≥ ${number(goal.atLeast ?? 0)}`
        : `≤ ${number(goal.atMost)} ${goal.unit}`.trimEnd(),
      measured ? `${number(value)} ${goal.unit}`.trimEnd() : 'not measured',
      measured ? (meets(goal, value) ? 'yes' : '**no**') : '–',
    ]
  })
  return table(['what', 'goal', 'figure', 'met'], rows)
}

function runsTable(lines: ReadonlyMap<string, BenchLine>): string {
  const benches = [...new Set(GOALS.map((goal) => goal.bench))]
  const rows = benches.map((bench) => {
    const line = lines.get(bench)
    if (!line) return [`\`${bench}\``, 'not measured', '–', '–', '–', '–', '–']
    return [
      `\`${bench}\``,
      `${number(line.rows)} ${line.row_unit} (${line.source})`,
      `${number(line.seconds)} s`,
      `${number(line.peak_rss_mb)} MB`,
      line.baseline === null ? '–' : `${line.baseline}: ${number(line.baseline_seconds ?? 0)} s`,
      line.ratio === null ? '–' : number(line.ratio),
      `${line.date}, ${line.cores} cores`,
    ]
  })
  return table(['bench', 'on', 'time', 'peak', 'compared with', 'ratio', 'measured'], rows)
}

function meets({ atMost = Infinity, atLeast = -Infinity }: Goal, value: number): boolean {
  return value <= atMost && value >= atLeast
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 4 : 21 })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
