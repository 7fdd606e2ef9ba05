import { parse, TomlError } from 'smol-toml'
import type { z } from 'zod'
import { messageOf, OperatorError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { configSchema, type Config } from './schema.ts'

/** Where settings come from, weakest first. `flags` holds dotted keys, as `env` does after its prefix. */
export interface ConfigSources {
  /** Text of bikeshare.toml, and its path for messages. */
  readonly file?: { readonly path: string; readonly text: string }
  /** The process environment; only `BIKESHARE_…` is read. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Dotted key to value, e.g. `{ city: 'nyc' }`; undefined values are ignored. */
  readonly flags?: Readonly<Record<string, unknown>>
}

/** Variables with the prefix that are no settings of the file. */
const OTHER_VARIABLES = new Set(['BIKESHARE_CONFIG', 'BIKESHARE_NOW'])

/**
 * Settings in force: flags over environment over file over defaults.
 * `BIKESHARE_TRAIN__ETA=0.1` is `eta` of `[train]`; an empty variable is none. An unknown key, anywhere, is a CONFIG error that names the nearest one.
 */
export function loadConfig(sources: ConfigSources): Config {
  const tree: Tree = sources.file ? readToml(sources.file) : {}
  const origin = new Map<string, string>()
  for (const [name, value] of Object.entries(sources.env ?? {})) {
    // A workflow gives a variable that nobody set as an empty one.
    if (!name.startsWith('BIKESHARE_') || !value || OTHER_VARIABLES.has(name)) continue
    const path = name.slice('BIKESHARE_'.length).toLowerCase().split('__')
    setAt(tree, path, fromText(value, path))
    origin.set(path.join('.'), `environment variable ${name}`)
  }
  for (const [key, value] of Object.entries(sources.flags ?? {})) {
    if (value === undefined) continue
    setAt(tree, key.split('.'), value)
    origin.set(key, `flag --${key.replaceAll('_', '-')}`)
  }
  const result = configSchema.safeParse(tree)
  if (result.success) return result.data
  throw explain(result.error, origin, sources.file?.path)
}

type Tree = Record<string, unknown>

function readToml(file: { path: string; text: string }): Tree {
  try {
    return parse(file.text)
  } catch (error) {
    const where = error instanceof TomlError ? `:${error.line}:${error.column}` : ''
    throw new OperatorError(
      'CONFIG',
      `${file.path}${where} is not valid TOML: ${messageOf(error).split('\n')[0] ?? ''}`,
      'Mend the line, or start again from `bikeshare init`.',
      error,
    )
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path
  if (head === undefined) return
  if (rest.length === 0) {
    tree[head] = value
    return
  }
  const child = isTree(tree[head]) ? tree[head] : {}
  tree[head] = child
  setAt(child, rest, value)
}

/** An environment variable is text; numbers and booleans are read as such, except where the setting is a text. */
function fromText(text: string, path: readonly string[]): unknown {
  if (isTextSetting(path)) return text
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

function isTextSetting(path: readonly string[]): boolean {
  let schema: unknown = configSchema
  for (const part of path) schema = memberOf(schema, part)
  return innermost(schema)?.def?.type === 'string'
}

interface SchemaLike {
  def?: { type?: string; innerType?: unknown; shape?: Record<string, unknown>; valueType?: unknown }
}

function innermost(schema: unknown): SchemaLike | undefined {
  let current = schema as SchemaLike | undefined
  while (current?.def?.innerType !== undefined) current = current.def.innerType as SchemaLike
  return current
}

function memberOf(schema: unknown, name: string): unknown {
  const inner = innermost(schema)
  return inner?.def?.shape?.[name] ?? inner?.def?.valueType
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema
  for (const part of path) schema = memberOf(schema, String(part))
  return Object.keys(innermost(schema)?.def?.shape ?? {})
}

function explain(
  error: z.ZodError,
  origin: ReadonlyMap<string, string>,
  file: string | undefined,
): OperatorError {
  const lines = error.issues.map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined
    const path = [...issue.path, ...(unknown?.slice(0, 1) ?? [])].map(String)
    const from = origin.get(path.join('.')) ?? file ?? 'the defaults'
    if (!unknown) return `${from}: ${path.join('.')}: ${issue.message}`
    const near = nearest(path.at(-1) ?? '', knownKeys(issue.path))
    return `${from}: unknown key "${path.join('.')}"${near ? `; did you mean "${[...issue.path.map(String), near].join('.')}"?` : ''}`
  })
  return new OperatorError(
    'CONFIG',
    lines.join('\n'),
    'Every key is described in bikeshare.toml; `bikeshare init` writes a fresh one.',
  )
}
