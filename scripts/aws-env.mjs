// Installs what the suites of `npm run test:aws` need beside the npm packages: moto (from PyPI, by hash) and Trino (from
// Maven Central, by hash), both in the user's cache, and finds a Java that runs Trino. What is there already is left alone.
// Prints where each is (`--json`: as one line of JSON). What cannot be had is said with its reason, and the exit code is 3.
import { installMoto } from './aws-env/moto.mjs'
import { findJava } from './aws-env/java.mjs'
import { installTrino } from './aws-env/trino.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'

const json = process.argv.includes('--json')
const quiet = json || process.argv.includes('--quiet')
const progress = openProgress({ quiet })

/** Each part and what it brings; a part that fails does not keep the others from being installed. */
const PARTS = {
  python: () => installMoto(progress),
  java: () => findJava(),
  trino: () => installTrino(progress),
}

const found = {}
const missing = {}
for (const [name, install] of Object.entries(PARTS)) {
  try {
    found[name] = await install()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    missing[name] = error.message
  }
}
if (json) process.stdout.write(`${JSON.stringify({ ...found, missing })}\n`)
else {
  for (const [name, place] of Object.entries(found)) process.stdout.write(`${name}: ${place}\n`)
  for (const [name, reason] of Object.entries(missing)) process.stderr.write(`${name}: missing: ${reason}\n`)
}
if (Object.keys(missing).length > 0 && !json) process.exitCode = 3
