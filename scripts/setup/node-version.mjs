import { SetupError } from './progress.mjs'

/** Refuses a Node older than package.json's `engines.node` (written `>=X.Y.Z`). */
export function checkNodeVersion(engines, version = process.versions.node) {
  const wanted = /^>=(\d+)\.(\d+)\.(\d+)$/.exec(engines.node)
  if (!wanted) throw new Error(`package.json: engines.node "${engines.node}" is not of the form >=X.Y.Z`)
  const have = version.split('.').map((part) => Number.parseInt(part, 10))
  const need = wanted.slice(1).map(Number)
  const differs = need.findIndex((part, i) => part !== have[i])
  if (differs !== -1 && have[differs] < need[differs])
    throw new SetupError(
      `Node ${need.join('.')} or newer is needed, and this is Node ${version}: install a newer one.`,
    )
}
