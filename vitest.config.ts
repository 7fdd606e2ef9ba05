import { defineConfig } from 'vitest/config'

const common = { testTimeout: 60_000, hookTimeout: 120_000 }

/**
 * Suites by name. `npm test` runs `unit` and `system`; `.ci/run` also runs `shared`, which reads the recordings in
 * SHARED_DIR, and `python`, which compares with scikit-learn and Python's xgboost.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/{conformance,golden}/**/*.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'system',
          include: ['test/{e2e,fault}/**/*.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
          // Whole programs with trainings and kills: one at a time, so that they do not starve each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'shared',
          include: ['test/shared/**/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'python',
          include: ['test/python/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
