#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

// In a checkout the build follows the source; a package comes built.
if (existsSync(new URL('../src/main.ts', import.meta.url))) {
  try {
    const { ensureBuilt } = await import('../scripts/build.mjs')
    await ensureBuilt(root)
  } catch (error) {
    process.stderr.write(`bikeshare: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(3)
  }
}
await import('../dist/main.js')
