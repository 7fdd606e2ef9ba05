// Builds dist/: the program from src/, and in dist/web the dashboard's pages from web/. Types are checked elsewhere
// (`npm run check:types`). A part of which nothing has changed is left alone; two builds at once do no harm.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { files } from './build/files.mjs'
import { pages } from './build/pages.mjs'
import { program } from './build/program.mjs'
import { withLock } from './setup/lock.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'

const PARTS = [program, pages]
const SETTINGS = ['package-lock.json', 'tsconfig.json', 'scripts/build.mjs']

/** Brings dist/ up to date; returns true when something had to be done. */
export async function ensureBuilt(root, progress = openProgress({ quiet: true })) {
  if (PARTS.every((part) => isFresh(root, part))) {
    progress.there('Build: up to date')
    return false
  }
  return withLock('build', root, async () => {
    // The one that was waited for may have done it.
    const old = PARTS.filter((part) => !isFresh(root, part))
    for (const part of old) await progress.step(part.label, () => build(root, part))
    return old.length > 0
  })
}

function isFresh(root, part) {
  const wanted = stampOf(root, part)
  if (wanted === undefined) return true
  const stamp = join(root, 'dist', part.stamp)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/** Names, sizes and times of all that a part depends on; undefined when this checkout has no such part. */
function stampOf(root, part) {
  const inputs = part.inputs(root)
  if (inputs === undefined) return undefined
  const hash = createHash('sha256')
  for (const file of [...SETTINGS, ...files(join(root, 'scripts/build')), ...inputs]) {
    const path = resolve(root, file)
    const { size, mtimeMs } = statSync(path)
    hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

async function build(root, part) {
  const stamp = stampOf(root, part)
  const dist = join(root, 'dist')
  await mkdir(dist, { recursive: true })
  // Left by a build that was killed.
  for (const name of readdirSync(dist).filter((entry) => entry.startsWith('.tmp-')))
    await rm(join(dist, name), { recursive: true, force: true })
  const made = await mkdtemp(join(dist, '.tmp-'))
  try {
    await part.make(root, made)
    await publish(made, join(root, part.target), part.isForeign)
    await writeFile(join(made, part.stamp), stamp)
    await rename(join(made, part.stamp), join(dist, part.stamp))
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** Puts every file in its place at once, and removes what is no more: a program that runs meanwhile finds its modules. */
async function publish(made, target, isForeign) {
  const names = new Set(files(made).map((path) => relative(made, path)))
  for (const name of names) {
    const place = join(target, name)
    if (existsSync(place) && (await readFile(place)).equals(await readFile(join(made, name)))) continue
    await mkdir(dirname(place), { recursive: true })
    await rename(join(made, name), place)
  }
  for (const path of files(target)) {
    const name = relative(target, path)
    if (!names.has(name) && !isForeign(name) && !name.startsWith('.')) await rm(path, { force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  try {
    await ensureBuilt(root, openProgress({ quiet: false }))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`build: ${error.message}\n`)
    process.exitCode = 1
  }
}
