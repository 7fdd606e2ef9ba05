import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { SetupError } from '../setup/progress.mjs'
import { run, tail } from '../setup/run.mjs'
import { files } from './files.mjs'

const isSource = (file) => !/\.test\.tsx?$/.test(file)
const COMPRESSIBLE = /\.(js|mjs|css|json|svg)$/
const WORTH_BYTES = 1_024

/** The dashboard's pages, by Vite, each file compressed beside itself. Nothing is fetched. */
export const pages = {
  label: 'Building the dashboard’s pages',
  stamp: '.pages-stamp',
  target: 'dist/web',
  isForeign: () => false,
  // What the pages share with the program is of the core.
  inputs: (root) =>
    existsSync(join(root, 'web'))
      ? [...files(join(root, 'web')), ...files(join(root, 'src/core'))].filter(isSource)
      : undefined,
  async make(root, made) {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    if (!existsSync(vite)) throw new SetupError('Vite is not installed: run `npm run setup`.')
    const config = join(root, 'web/vite.config.ts')
    const args = [vite, 'build', '--config', config, '--outDir', made, '--emptyOutDir', '--logLevel', 'warn']
    // Whoever builds from within a test has another NODE_ENV, and would get React for development.
    const env = { ...process.env, NODE_ENV: 'production' }
    const result = await run(process.execPath, args, { cwd: root, env })
    if (!result.ok) throw new SetupError(`the build of the pages failed:\n${tail(result.output)}`)
    await Promise.all(
      files(made)
        .filter((file) => COMPRESSIBLE.test(file))
        .map(compress),
    )
  },
}

async function compress(file) {
  const content = await readFile(file)
  if (content.length < WORTH_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }))
  await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }))
}
