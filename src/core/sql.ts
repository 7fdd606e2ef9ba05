import { readFileSync } from 'node:fs'

/** The text of a .sql file that stands beside the module `base` (its `import.meta.url`). Read once, at load. */
export function loadSql(base: string, file: string): string {
  return readFileSync(new URL(file, base), 'utf8')
}
