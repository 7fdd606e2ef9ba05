// Plants faults one at a time in a copy of the project and fails unless the tests catch every one.
// A fault is a text replaced in one file; the suites named with it must fail then, and pass without it.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTATIONS } from '../test/mutation/mutations.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const copy = mkdtempSync(join(tmpdir(), 'bikeshare-mutation-'))
const wanted = process.argv.slice(2)
const chosen = MUTATIONS.filter((mutation) => wanted.length === 0 || wanted.includes(mutation.name))

function run(tests) {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['vitest', 'run', '--project', 'unit', '--bail=1', ...tests],
    {
      cwd: copy,
      encoding: 'utf8',
    },
  )
  return { passed: status === 0, output: `${stdout}\n${stderr}` }
}

try {
  for (const name of ['src', 'test', 'package.json', 'vitest.config.ts', 'tsconfig.json', 'bikeshare.toml']) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

  const clean = run([...new Set(chosen.flatMap((mutation) => mutation.tests))])
  if (!clean.passed) {
    console.log(clean.output)
    throw new Error('the suites fail without any fault planted')
  }
  let survivors = 0
  for (const { name, file, find, replace, tests } of chosen) {
    const path = join(copy, file)
    const text = readFileSync(path, 'utf8')
    if (text.split(find).length !== 2)
      throw new Error(`${name}: ${file} does not hold the text to replace exactly once`)
    writeFileSync(
      path,
      text.replace(find, () => replace),
    )
    const { passed } = run(tests)
    writeFileSync(path, text)
    if (passed) survivors++
    console.log(`${passed ? 'SURVIVED' : 'caught  '} ${name} (${file})`)
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} planted faults caught`)
  process.exitCode = survivors === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
