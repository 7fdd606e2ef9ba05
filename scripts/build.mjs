// Builds dist/ from src/: TypeScript by tsc, everything else (SQL, HTML, CSS, JSON) copied. Types are checked elsewhere
// (`npm run check:types`). Nothing is done when nothing has changed; two builds at once do no harm.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './setup/lock.mjs'
import { openProgress, SetupError } from './setup/progress.mjs'
import { run, tail } from './setup/run.mjs'

const STAMP = '.build-stamp'
const SETTINGS = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs']

/** Brings dist/ up to date; returns true when something had to be done. */
export async function ensureBuilt(root, progress = openProgress({ quiet: true })) {
  if (isFresh(root)) {
    progress.there('Build: up to date')
    return false
  }
  return withLock('build', root, async () => {
    // The one that was waited for may have done it.
    if (isFresh(root)) return false
    await progress.step('Building', () => build(root))
    return true
  })
}

function isFresh(root) {
  const stamp = join(root, 'dist', STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(root)
}

/** Names, sizes and times of all that a build depends on. */
function stampOf(root) {
  const hash = createHash('sha256')
  for (const file of [
    ...SETTINGS,
    ...files(join(root, 'src'))
      .filter(isSource)
      .map((path) => relative(root, path)),
  ]) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const isSource = (file) => !file.endsWith('.test.ts')
/** Sources are compiled, and .mjs files serve development alone. */
const isAsset = (file) => !/\.(ts|mjs)$/.test(file)

/** All files below a folder, in order. */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function build(root) {
  const stamp = stampOf(root)
  const dist = join(root, 'dist')
  await mkdir(dist, { recursive: true })
  // Left by a build that was killed.
  for (const name of readdirSync(dist).filter((entry) => entry.startsWith('.tmp-')))
    await rm(join(dist, name), { recursive: true, force: true })
  const made = await mkdtemp(join(dist, '.tmp-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    if (!existsSync(tsc)) throw new SetupError('TypeScript is not installed: run `npm run setup`.')
    const result = await run(process.execPath, [
      tsc,
      '-p',
      join(root, 'tsconfig.build.json'),
      '--noCheck',
      '--outDir',
      made,
    ])
    if (!result.ok) throw new SetupError(`the build failed:\n${tail(result.output)}`)
    for (const asset of files(join(root, 'src')).filter(isAsset)) {
      const target = join(made, relative(join(root, 'src'), asset))
      await mkdir(dirname(target), { recursive: true })
      await copyFile(asset, target)
    }
    await publish(made, dist)
    await writeFile(join(made, STAMP), stamp)
    await rename(join(made, STAMP), join(dist, STAMP))
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** Puts every file in its place at once, and removes what is no more: a program that runs meanwhile finds its modules. */
async function publish(made, dist) {
  const names = new Set(files(made).map((path) => relative(made, path)))
  for (const name of names) {
    const target = join(dist, name)
    if (existsSync(target) && (await readFile(target)).equals(await readFile(join(made, name)))) continue
    await mkdir(dirname(target), { recursive: true })
    await rename(join(made, name), target)
  }
  for (const path of files(dist)) {
    const name = relative(dist, path)
    if (!names.has(name) && name !== STAMP && !name.startsWith('.tmp-')) await rm(path, { force: true })
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
