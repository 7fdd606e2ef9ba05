import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { citySchema } from '../../core/config/schema.ts'
import { OperatorError } from '../../core/errors.ts'
import { showCity, type ShownCity } from '../server/city-source.ts'
import type { CommandContext } from './command.ts'

/** The cities that are named, else the one in force, opened to be shown. USAGE for a name that is none. */
export async function openShownCities(
  context: CommandContext,
  named: readonly string[],
): Promise<ShownCity[]> {
  const names = [...new Set(named.length > 0 ? named : [await context.city()])]
  const cities: ShownCity[] = []
  for (const name of names) {
    if (!citySchema.safeParse(name).success)
      throw new OperatorError(
        'USAGE',
        `"${name}" cannot be a city`,
        'Use lower-case letters, digits and hyphens.',
      )
    const time = { now: context.wall }
    const platform = await context.openPlatform(context.lakeRoot(name), () => time.now())
    const { config, wall, givenNow } = context
    const city = showCity(name, platform, { config, wall, givenNow })
    // Endpoints go by the lake's time, as the views do.
    await city.source().then(
      (source) => (time.now = source.now),
      (error: unknown) => {
        const problem = error instanceof OperatorError ? error.message : String(error)
        context.report.warn(`${name} cannot be shown now: ${problem}`)
      },
    )
    cities.push(city)
  }
  return cities
}

/** Folder of the built pages: dist/web, beside the built program or below the sources' folder. */
export function builtPages(): string {
  const [beside, below] = ['../../web', '../../../dist/web'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  return beside !== undefined && existsSync(`${beside}/assets`) ? beside : (below ?? '')
}

/** Version of this program. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
