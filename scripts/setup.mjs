// Makes a checkout ready: Node's version, npm packages, the build, XGBoost's library. What is there already is left alone
// (well under a second). Plain Node, so that it runs before anything is installed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.mjs'
import { installBrowser } from './setup/browser.mjs'
import { checkNodeVersion } from './setup/node-version.mjs'
import { installPackages } from './setup/packages.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'
import { installXgboost } from './setup/xgboost.mjs'

const USAGE = `Usage: node scripts/setup.mjs [--quiet] [--browser] [--xgboost debian|wheel]
  --quiet     say only what is being installed
  --browser   Chromium as well, for the browser suites
  --xgboost   where XGBoost's library has to come from, whatever is there
`

try {
  const { values } = parseArgs({
    options: {
      quiet: { type: 'boolean' },
      browser: { type: 'boolean' },
      xgboost: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
  } else {
    if (values.xgboost !== undefined && !['debian', 'wheel'].includes(values.xgboost))
      throw new TypeError(`--xgboost takes debian or wheel, not ${values.xgboost}`)
    const root = fileURLToPath(new URL('..', import.meta.url))
    const progress = openProgress({ quiet: values.quiet === true })
    checkNodeVersion(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines)
    await installPackages(root, progress)
    await ensureBuilt(root, progress)
    await installXgboost(root, progress, values.xgboost)
    if (values.browser) await installBrowser(progress)
    progress.there('Ready.')
  }
} catch (error) {
  const wrongUse = error instanceof TypeError
  if (!wrongUse && !(error instanceof SetupError)) throw error
  process.stderr.write(`setup: ${error.message}\n${wrongUse ? USAGE : ''}`)
  process.exitCode = wrongUse ? 2 : 3
}
