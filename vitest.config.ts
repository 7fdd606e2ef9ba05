import { defineConfig } from 'vitest/config'

/** Suites by name: `npm test` runs `project` (unit beside the source, conformance, golden, end to end, fault);
 * the suites that read the recordings in ../shared live in test/shared and are run by .ci/run. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/shared/**', 'node_modules/**', 'dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
