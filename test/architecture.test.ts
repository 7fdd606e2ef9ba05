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
  'platform/aws',
  'data',
  'model',
  'operations',
  'platform/compose.ts',
  'platform/compose-aws.ts',
  'platform/stores.ts',
  'app',
  'main.ts',
] as const
type Floor = (typeof FLOORS)[number]

const MAY_IMPORT: Record<Floor, readonly Floor[]> = {
  core: [],
  'platform/ports.ts': ['core'],
  'platform/engines': ['core', 'platform/ports.ts'],
  'platform/local': ['core', 'platform/ports.ts', 'platform/engines'],
  'platform/aws': ['core', 'platform/ports.ts', 'platform/engines'],
  data: ['core', 'platform/ports.ts'],
  model: ['core', 'platform/ports.ts', 'data'],
  operations: ['core', 'platform/ports.ts', 'data', 'model'],
  'platform/compose.ts': [
    'core',
    'platform/ports.ts',
    'platform/engines',
    'platform/local',
    'platform/compose-aws.ts',
  ],
  'platform/compose-aws.ts': ['core', 'platform/ports.ts', 'platform/engines', 'platform/aws'],
  'platform/stores.ts': ['core', 'platform/ports.ts', 'platform/local', 'platform/aws'],
  app: ['core', 'platform/ports.ts', 'data', 'model', 'operations'],
  'main.ts': ['core', 'app', 'platform/compose.ts', 'platform/compose-aws.ts', 'platform/stores.ts'],
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

/** A file of src/ with all that it imports in turn. */
function pureTextOf(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return ''
  seen.add(file)
  const text = readFileSync(join(SRC, file), 'utf8')
  const imported = importsOf(file).map(({ to }) => pureTextOf(to, seen))
  return [text, ...imported].join('\n')
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

  it('lets the pages see contracts and the core alone, and of these no schema and no node', () => {
    const pages = readdirSync(join(ROOT, 'web/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.tsx?$/.test(file),
    )
    expect(pages.length).toBeGreaterThan(60)
    const wrong = pages.flatMap((file) => {
      const folder = dirname(join(ROOT, 'web/src', file))
      const text = readFileSync(join(ROOT, 'web/src', file), 'utf8')
      return [...text.matchAll(/^import ([^']*?) from '(\.[^']+)'/gm)].flatMap(([, what = '', path = '']) => {
        const target = relative(SRC, resolve(folder, path))
        if (target.startsWith('../web/') || target.endsWith('.md?raw')) return []
        const isPure = (): boolean => !/from '(?:zod|node:)|\bz\./.test(pureTextOf(target))
        const may = target.startsWith('core/') && (what.startsWith('type ') || isPure())
        return may ? [] : [`${file} imports ${target}`]
      })
    })
    expect(wrong).toEqual([])
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
