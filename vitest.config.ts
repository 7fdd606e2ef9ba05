import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Workers get it with the environment. Whoever sets it to a folder of an earlier run has that demo looked at again.
process.env['DEMO_LAKE'] ??= join(tmpdir(), `bikeshare-demo-lake-${process.pid}`)

const common = { testTimeout: 60_000, hookTimeout: 120_000 }

/**
 * Suites by name. `npm test` runs `unit`, `web` (the dashboard's pages, without a browser) and `system`; `.ci/run` also runs `shared`, which reads the recordings in
 * SHARED_DIR, and `python`, which compares with scikit-learn and Python's xgboost; `npm run test:aws` runs `aws`, against
 * moto, Trino and servers of our own.
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
          name: 'web',
          include: ['web/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['web/test/setup.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'system',
          include: ['test/{e2e,fault}/**/*.test.ts'],
          exclude: ['test/e2e/demo.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
          // Whole programs with trainings and kills: one at a time, so that they do not starve each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'demo',
          include: ['test/e2e/demo.test.ts', 'test/browser/**/*.test.ts'],
          // The first file runs the demo; all look at its lake.
          globalSetup: ['test/support/demo-lake-teardown.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_200_000,
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
      { test: { ...common, name: 'infra', include: ['infra/test/**/*.test.ts'] } },
      {
        test: {
          ...common,
          name: 'aws',
          include: ['test/aws/**/*.test.ts', 'infra/aws-test/*.test.ts'],
          globalSetup: ['test/aws/environment/global-setup.ts'],
          setupFiles: ['test/aws/environment/note-calls.mjs'],
          // Of no account: servers on this machine take any key.
          env: {
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: 'test',
            AWS_REGION: 'ca-central-1',
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_CONFIG_FILE: '/dev/null',
            AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
          },
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
