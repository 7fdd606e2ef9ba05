// `npm run test:aws`: installs moto and Trino where they are missing, runs the suites of AWS against them and against servers
// of our own, says which calls of AWS are covered by what, and ends with `N passed, N failed, N skipped`. Further arguments are
// Vitest's; REPORTS_FOLDER is where its report, aws.json, is left for others.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coverageTable } from './aws-env/coverage.mjs'

const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'bikeshare-aws-'))
const reports = process.env.REPORTS_FOLDER ?? folder
const run = (args, options = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', ...options })

const env = run(['scripts/aws-env.mjs', '--json'], { stdio: ['inherit', 'pipe', 'inherit'] })
const { missing } = JSON.parse(env.stdout.toString() || '{"missing":{"environment":"it could not be made"}}')
for (const [part, reason] of Object.entries(missing))
  console.log(`not covered, for want of ${part}: ${reason}`)

const calls = join(folder, 'calls')
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  'aws',
  '--project',
  'infra',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(reports, 'aws.json')}`,
]
run([...vitest, ...process.argv.slice(2)], { env: { ...process.env, AWS_CALLS_FOLDER: calls } })
console.log(`\n${coverageTable(recorded(calls))}\n`)
const summary = run(['scripts/ci-summary.mjs', reports, 'aws'])
rmSync(folder, { recursive: true, force: true })
const incomplete = Object.keys(missing).length > 0 && Boolean(process.env.CI)
if (incomplete) console.log('In CI nothing may be left uncovered.')
process.exitCode = summary.status === 0 && !incomplete ? 0 : 1

/** Lines `service operation caller answered-by` that the suites left. */
function recorded(folder) {
  try {
    return readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  } catch {
    return []
  }
}
