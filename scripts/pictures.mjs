// Makes what README shows from a demo run now: the chart of its bikes model and its closing table.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const dataDir = mkdtempSync(join(tmpdir(), 'bikeshare-pictures-'))
try {
  const run = spawnSync(
    process.execPath,
    [join(root, 'bin/bikeshare.js'), 'demo', '--headless', '--data-dir', dataDir],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (run.status !== 0) throw new Error(`the demo ended with ${run.status}`)
  const models = join(dataDir, 'demo', 'models', 'bikeshare-demo-bikes')
  const { aliases } = JSON.parse(readFileSync(join(models, 'aliases.json'), 'utf8'))
  const version = aliases.production
  if (version === undefined) throw new Error(`no model in production in ${models}`)
  mkdirSync(join(root, 'docs/images'), { recursive: true })
  copyFileSync(join(models, version, 'report', 'pr-curve.svg'), join(root, 'docs/images/pr-curve.svg'))

  const table = run.stdout
    .slice(0, run.stdout.indexOf('Reports:'))
    .trimEnd()
    .replace(/^\n+/, '')
    .replaceAll(`${join(dataDir, 'demo')}/`, '')
  const readme = join(root, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const marked = /(<!-- demo-table -->\n)[\s\S]*?(<!-- \/demo-table -->)/
  if (!marked.test(text)) throw new Error('README.md has no place for the table')
  writeFileSync(
    readme,
    text.replace(marked, (_all, begin, end) => `${begin}\`\`\`\n${table}\n\`\`\`\n${end}`),
  )
  console.log('Wrote docs/images/pr-curve.svg and the table in README.md')
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
