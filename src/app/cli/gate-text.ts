import type { Condition, GateResult } from '../../core/contracts/gate.ts'
import { isoOf } from '../../core/time.ts'
import { textTable } from './table.ts'

const MARKS = { pass: 'pass', fail: 'FAIL', waived: 'waived' } as const

/** What the gate said, for a terminal. */
export function gateText(result: GateResult): string {
  const rows = result.conditions.map((c) => [c.name, valueText(c), c.threshold, MARKS[c.verdict], c.detail])
  return [
    `${result.endpoint} (${result.city}, ${result.region}), 24 h to ${isoOf(result.at)}, model ${result.model_version ?? 'none'}`,
    textTable(['condition', 'value', 'must be', 'verdict', 'of'], rows),
    result.verdict === 'pass' ? 'The gate is open.' : 'The gate stays shut.',
  ].join('\n')
}

/** The same as a GitHub table, for a job's summary. */
export function gateMarkdown(result: GateResult): string {
  const cell = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ')
  const rows = result.conditions.map(
    (c) => `| ${[c.name, valueText(c), c.threshold, MARKS[c.verdict], c.detail].map(cell).join(' | ')} |`,
  )
  return [
    `### Admission gate: ${result.endpoint} ${result.verdict === 'pass' ? 'passes' : 'fails'}`,
    '',
    `City ${result.city}, region ${result.region}, 24 h to ${isoOf(result.at)}, model ${result.model_version ?? 'none'}`,
    '',
    '| condition | value | must be | verdict | of |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** The same as JUnit XML: a suite an endpoint, a case a condition. */
export function gateJunit(results: readonly GateResult[]): string {
  const suites = results.map((result) => {
    const failures = result.conditions.filter(({ verdict }) => verdict === 'fail').length
    const cases = result.conditions.map((c) => {
      const open = `    <testcase classname="${xml(result.endpoint)}" name="${xml(`${c.name} ${c.threshold}`)}"`
      if (c.verdict !== 'fail') return `${open}/>`
      return `${open}><failure message="${xml(`${valueText(c)}: ${c.detail}`)}"/></testcase>`
    })
    return [
      `  <testsuite name="${xml(result.endpoint)}" tests="${cases.length}" failures="${failures}" timestamp="${isoOf(result.at)}">`,
      ...cases,
      '  </testsuite>',
    ].join('\n')
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>'].join('\n')
}

function valueText({ value, unit }: Condition): string {
  if (value === null) return '–'
  return unit === 'Count'
    ? String(value)
    : unit === 'Milliseconds'
      ? `${value.toFixed(1)} ms`
      : value.toFixed(3)
}

function xml(text: string): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return Array.from(text, (c) => escapes[c] ?? ((c.codePointAt(0) ?? 0) < 32 ? ' ' : c)).join('')
}
