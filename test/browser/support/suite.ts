import { describe } from 'vitest'
import { chromiumPath } from './chromium.ts'

const WHY_NOT = 'left out: no Chromium here; install Debian’s, or set CHROMIUM_PATH'

/** A suite that needs a browser: left out as a whole, and said so, where there is none; CI fails without one. */
export function describeInBrowser(name: string, suite: () => void): void {
  const isThere = chromiumPath() !== undefined
  if (!isThere && process.env['CI']) throw new Error(`${name}: ${WHY_NOT}`)
  /* oxlint-disable vitest/valid-title, vitest/valid-describe-callback -- they are the caller's */
  describe.runIf(isThere)(isThere ? name : `${name} (${WHY_NOT})`, suite)
  /* oxlint-enable vitest/valid-title, vitest/valid-describe-callback */
}
