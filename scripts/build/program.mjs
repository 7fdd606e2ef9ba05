import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { SetupError } from '../setup/progress.mjs'
import { run, tail } from '../setup/run.mjs'
import { files } from './files.mjs'

const isSource = (file) => !file.endsWith('.test.ts')
/** Sources are compiled, and .mjs files serve development alone. */
const isAsset = (file) => !/\.(ts|mjs)$/.test(file)

/** The program: TypeScript by tsc, everything else (SQL, HTML, CSS, JSON) copied. */
export const program = {
  label: 'Building',
  stamp: '.build-stamp',
  target: 'dist',
  /** Others' parts of the folder. */
  isForeign: (name) => name.startsWith('web/'),
  inputs: (root) => ['tsconfig.build.json', ...files(join(root, 'src')).filter(isSource)],
  async make(root, made) {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    if (!existsSync(tsc)) throw new SetupError('TypeScript is not installed: run `npm run setup`.')
    const settings = join(root, 'tsconfig.build.json')
    const result = await run(process.execPath, [tsc, '-p', settings, '--noCheck', '--outDir', made])
    if (!result.ok) throw new SetupError(`the build failed:\n${tail(result.output)}`)
    for (const asset of files(join(root, 'src')).filter(isAsset)) {
      const target = join(made, relative(join(root, 'src'), asset))
      await mkdir(dirname(target), { recursive: true })
      await copyFile(asset, target)
    }
  },
}
