import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { docsTables, placeTable } from '../scripts/docs/tables.ts'
import { ALARM_TABLE } from '../src/operations/alarms/alarm-table.ts'
import { brokenCommand } from './support/broken-command.ts'

const ROOT = resolve(import.meta.dirname, '..')
const OUTSIDE = new Set(['node_modules', 'dist', '.git'])

/** Every document of the repository, by its path from the root. */
function documents(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (OUTSIDE.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return documents(path)
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : []
  })
}

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
/** The text without what stands in code, where a bracket is no link and a hash no heading. */
const prose = (text: string): string =>
  text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '`')

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .matchAll(/^#{1,6} +(.+)$/gm)) {
    const base = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    let anchor = base
    for (let again = 1; anchors.has(anchor); again++) anchor = `${base}-${again}`
    anchors.add(anchor)
  }
  return anchors
}

/** Where a document's links lead: targets of `[…](…)` and of images. */
const linksOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, target = '']) => target)

function brokenLink(file: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined
  const [path = '', anchor] = target.split('#')
  const at = path === '' ? join(ROOT, file) : resolve(ROOT, dirname(file), decodeURI(path))
  if (!existsSync(at)) return `${file}: ${target} is not there`
  if (anchor !== undefined && !anchorsOf(readFileSync(at, 'utf8')).has(anchor))
    return `${file}: ${target} has no such heading`
  return undefined
}

/** `bikeshare …` command lines that a document shows: a line of a code block, or in backquotes. */
function commandLines(text: string): string[] {
  const lines = [
    ...[...text.matchAll(/^(```|~~~)\w*\n([\s\S]*?)^\1/gm)].flatMap(([, , block = '']) => block.split('\n')),
    ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
  ]
  return lines.flatMap((line) =>
    line
      .split(/&&|\|\|/)
      .map((part) => part.trim().replace(/^(?:\$ )?(?:npx )?(?=bikeshare )/, ''))
      .filter((part) => part.startsWith('bikeshare '))
      .map((part) => part.replace(/\s#.*$/, '').trim()),
  )
}

const files = documents()

describe('the documents', () => {
  it('are found', () => {
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'docs/runbook.md', 'docs/adr/0001-lake-per-city.md']),
    )
    expect(files.flatMap((file) => linksOf(textOf(file))).length).toBeGreaterThan(30)
  })

  it('have no link that leads nowhere', () => {
    expect(
      files.flatMap((file) => linksOf(textOf(file)).flatMap((target) => brokenLink(file, target) ?? [])),
    ).toEqual([])
  })

  it('show only commands, subcommands and flags that there are', async () => {
    const shown = files.flatMap((file) => commandLines(textOf(file)).map((line) => ({ file, line })))
    expect(shown.length).toBeGreaterThan(40)
    const wrong: string[] = []
    for (const { file, line } of shown) {
      const problem = await brokenCommand(line)
      if (problem !== undefined) wrong.push(`${file}: ${problem}`)
    }
    expect(wrong).toEqual([])
  })

  it('have tables that are those of the code: npx tsx scripts/docs-tables.ts', () => {
    for (const table of docsTables()) {
      const page = textOf(`docs/${table.file}`)
      expect(placeTable(page, table)).toBe(page)
    }
  })
})

describe('the runbook', () => {
  const text = textOf('docs/runbook.md')
  const sections = new Map(
    text.split(/^## /m).map((part) => [part.split('\n')[0] ?? '', part.slice(part.indexOf('\n'))]),
  )

  it.each(ALARM_TABLE.map(({ suffix, runbook }) => [`prod-${suffix}`, runbook]))(
    'says of %s what it means, where to look, what causes it and what helps',
    (name, anchor) => {
      expect(anchorsOf(text)).toContain(anchor)
      for (const part of ['Means', 'First look', 'Likely causes', 'Helps'])
        expect(sections.get(name)).toContain(`**${part}**`)
      expect(sections.get(name)).toContain('`bikeshare ')
    },
  )

  it('has no section of an alarm that is not there', () => {
    const alarms = new Set(ALARM_TABLE.map(({ suffix }) => `prod-${suffix}`))
    expect([...sections.keys()].filter((name) => name.startsWith('prod-') && !alarms.has(name))).toEqual([])
  })
})

describe('these checks', () => {
  it('see a link to a file or heading that is not there', () => {
    expect(brokenLink('docs/runbook.md', 'nothing.md')).toContain('is not there')
    expect(brokenLink('docs/runbook.md', '#nothing')).toContain('no such heading')
    expect(brokenLink('docs/runbook.md', 'ops_sla.md#alarms')).toBeUndefined()
  })

  it('see a command, subcommand or flag that is not there', async () => {
    expect(await brokenCommand('bikeshare fly')).toContain('no command')
    expect(await brokenCommand('bikeshare models fly')).toContain('has no "fly"')
    expect(await brokenCommand('bikeshare slo --fly')).toContain('has no --fly')
    expect(await brokenCommand('bikeshare slo --month 2026-11 --json')).toBeUndefined()
  })

  it('see a table that is old', () => {
    const [table] = docsTables()
    if (!table) throw new Error('there is no table')
    const page = textOf(`docs/${table.file}`)
    expect(placeTable(page, { ...table, text: 'old' })).not.toBe(page)
  })
})
