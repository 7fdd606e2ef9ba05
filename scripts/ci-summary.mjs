// Adds up Vitest's JSON reports and prints the closing line. Fails on a failure, a skip, or a suite that ran nothing.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const [folder, ...names] = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }
let ok = true

for (const name of names) {
  const file = join(folder, `${name}.json`)
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  const tests = (report?.testResults ?? []).flatMap((suite) =>
    suite.assertionResults.map((test) => ({ ...test, file: relative(process.cwd(), suite.name) })),
  )
  // A file that does not load has no tests of its own, only a failure.
  const broken = (report?.testResults ?? []).filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  )
  const passed = tests.filter((test) => test.status === 'passed').length
  const failures = tests.filter((test) => test.status === 'failed')
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status))
  total.passed += passed
  total.failed += failures.length + broken.length
  total.skipped += skipped.length
  console.log(
    `${name}: ${passed} passed, ${failures.length + broken.length} failed, ${skipped.length} skipped`.replaceAll(
      ',',
      ' /',
    ),
  )
  for (const suite of broken) console.log(`  did not load: ${relative(process.cwd(), suite.name)}`)
  for (const test of failures) console.log(`  failed: ${test.file}: ${test.fullName}`)
  for (const test of skipped) console.log(`  skipped: ${test.file}: ${test.fullName}`)
  if (passed === 0) console.log(`  ${name} ran no test`)
  if (passed === 0 || failures.length + broken.length + skipped.length > 0) ok = false
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(ok ? 0 : 1)
