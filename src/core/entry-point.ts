import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A module to start in a thread or a process of its own. */
export interface EntryPoint {
  readonly thread: { readonly module: URL; readonly argv: string[] }
  readonly process: { readonly file: string; readonly execArgv: string[] }
}

/**
 * The module `name` beside the module `base` (its `import.meta.url`): compiled JavaScript in a build, else the
 * TypeScript source, for which tsx is loaded first.
 */
export function entryPoint(name: string, base: string): EntryPoint {
  const built = !base.endsWith('.ts')
  const module = new URL(built ? `./${name}.js` : `./${name}.ts`, base)
  const file = fileURLToPath(module)
  if (built) return { thread: { module, argv: [] }, process: { file, execArgv: [] } }
  const tsx = pathToFileURL(createRequire(base).resolve('tsx')).href
  return {
    thread: { module: new URL('./source-loader.mjs', import.meta.url), argv: [module.href] },
    process: { file, execArgv: ['--import', tsx] },
  }
}
