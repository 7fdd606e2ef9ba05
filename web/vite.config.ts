import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { baseMap } from './base-map/plugin.ts'

/** The dashboard's pages: built into dist/web, with relative addresses so that a snapshot can lie in any folder. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), baseMap()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Nothing in the page itself: the Content-Security-Policy allows files of this server alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      output: {
        // Not every web host knows .mjs, and browsers run a worker only if its type is that of a script.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.mjs'))
            ? 'assets/[name]-[hash].js'
            : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:18081' } },
})
