import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

/** The floors, lowest first, as path prefixes below src/. A file may import its own floor and those that `MAY_IMPORT` names. */
const FLOORS = [
  'core',
  'platform/ports.ts',
  'platform/engines',
  'platform/local',
  'data',
  'model',
  'operations',
  'platform/compose.ts',
  'app',
  'main.ts',
] as const
type Floor = (typeof FLOORS)[number]

const MAY_IMPORT: Record<Floor, readonly Floor[]> = {
  core: [],
  'platform/ports.ts': ['core'],
  'platform/engines': ['core', 'platform/ports.ts'],
  'platform/local': ['core', 'platform/ports.ts', 'platform/engines'],
  data: ['core', 'platform/ports.ts'],
  model: ['core', 'platform/ports.ts', 'data'],
  operations: ['core', 'platform/ports.ts', 'data', 'model'],
  'platform/compose.ts': ['core', 'platform/ports.ts', 'platform/engines', 'platform/local'],
  app: ['core', 'platform/ports.ts', 'data', 'model', 'operations'],
  'main.ts': ['core', 'app', 'platform/compose.ts'],
}

interface Import {
  readonly from: string
  readonly to: string
}

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  const specifiers = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)
  return [...specifiers].map((match) => ({
    from: file,
    to: relative(SRC, resolve(SRC, dirname(file), match[1] ?? '')),
  }))
}

function floorOf(file: string): Floor | undefined {
  return FLOORS.find((floor) => file === floor || file.startsWith(`${floor}/`))
}

function cycleIn(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (node: string): string[] | undefined => {
    const at = path.indexOf(node)
    if (at >= 0) return [...path.slice(at), node]
    if (done.has(node)) return undefined
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    path.pop()
    done.add(node)
    return undefined
  }
  for (const node of edges.keys()) {
    const cycle = visit(node)
    if (cycle) return cycle
  }
  return undefined
}

describe('the architecture', () => {
  const files = sources()
  const imports = files.flatMap(importsOf)

  it('is read at all', () => {
    expect(files.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(150)
  })

  it('puts every file on one floor', () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([])
  })

  it('lets imports go one way', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [a, b] = [floorOf(from), floorOf(to)]
      return a !== undefined && a !== b && (b === undefined || !MAY_IMPORT[a].includes(b))
    })
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  it('has no cycle', () => {
    const edges = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]))
    expect(cycleIn(edges)?.join(' -> ')).toBeUndefined()
  })

  it('finds a cycle where there is one', () => {
    expect(
      cycleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b'])
  })

  it('reads the clock, the environment and chance only in main', () => {
    const offenders = files.filter(
      (file) =>
        file !== 'main.ts' &&
        /Date\.now\(\)|new Date\(\)|process\.env\b|Math\.random\b|performance\.now\(\)/.test(
          readFileSync(join(SRC, file), 'utf8').replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, ''),
        ),
    )
    expect(offenders).toEqual([])
  })
})
