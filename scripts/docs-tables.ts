import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { docsTables, placeTable } from './docs/tables.ts'

// Puts the tables that are made from the code into the documents, between their markers. A test says when they are old.

const ROOT = resolve(import.meta.dirname, '..')

for (const table of docsTables()) {
  const path = join(ROOT, 'docs', table.file)
  await writeFile(path, placeTable(await readFile(path, 'utf8'), table))
}
