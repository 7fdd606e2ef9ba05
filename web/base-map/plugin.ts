import type { Plugin } from 'vite'
import { baseMapCells } from './cells.ts'

/** Puts Natural Earth's cells beside the pages: `base-map/-80_40.json`. */
export function baseMap(): Plugin {
  return {
    name: 'base-map',
    apply: 'build',
    generateBundle() {
      for (const { name, cell } of baseMapCells())
        this.emitFile({ type: 'asset', fileName: `base-map/${name}.json`, source: JSON.stringify(cell) })
    },
  }
}
