import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe-core found on a page. */
export interface AxeFindings {
  /** Rules that had something to look at. */
  readonly rules: readonly string[]
  /** A line for each element that breaks a rule. */
  readonly violations: readonly string[]
}

/** Runs axe-core by the rules of WCAG 2.2 AA and its best practices. The policy of the page does not hold for DevTools. */
export async function runAxe(page: Page): Promise<AxeFindings> {
  await page.evaluate(`if (!window.axe) { ${SOURCE} }`)
  const found = await page.evaluate<Pick<AxeResults, 'violations' | 'passes'>>(
    `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })
      .then(({ violations, passes }) => ({ violations, passes }))`,
  )
  return {
    rules: [...found.passes, ...found.violations].map(({ id }) => id),
    violations: found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
    ),
  }
}
