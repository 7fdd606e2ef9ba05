import { configSchema } from '../../src/core/config/schema.ts'
import { silentReporter } from '../../src/core/report.ts'
import type { Clock } from '../../src/core/time.ts'
import { composePlatform } from '../../src/platform/compose.ts'
import type { Platform } from '../../src/platform/ports.ts'

/** The settings of every bench: the defaults. */
export const config = configSchema.parse({})

/** The platform over a folder, as the command line makes it with default settings. */
export function openPlatform(
  root: string,
  clock: Clock = () => Math.floor(Date.now() / 1000),
): Promise<Platform> {
  return composePlatform(config, {
    root,
    clock,
    elapsedMs: () => performance.now(),
    env: process.env,
    random: Math.random,
    report: silentReporter,
  })
}
