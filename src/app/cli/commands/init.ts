import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OperatorError } from '../../../core/errors.ts'
import { citySchema } from '../../../core/config/schema.ts'
import { CITY_PROFILES } from '../../../core/config/profiles.ts'
import { writeDefaultCity } from '../../default-city.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'

interface Options {
  readonly feed?: string
  readonly country?: string
  readonly force?: boolean
}

/** `bikeshare init`: a commented bikeshare.toml for one city. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--feed <url>', 'GBFS discovery document (gbfs.json) of a city that is not ready-made')
      .option('--country <code>', 'ISO 3166 code for public holidays, such as NO')
      .option('--force', 'replace a bikeshare.toml that is there')
    addExamples(command, [
      ['init --city nyc', 'settings for New York, one of the ready-made cities'],
      ['init --city oslo --feed https://example.org/gbfs.json', 'any other city is one URL'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const city = context.config.city
        if (city === undefined) {
          throw new OperatorError(
            'USAGE',
            'no city is named',
            `Write --city with one of ${Object.keys(CITY_PROFILES).join(', ')}, or a name of your own and --feed URL.`,
          )
        }
        const path = resolve('bikeshare.toml')
        if (existsSync(path) && options.force !== true) {
          throw new OperatorError(
            'WRITE_CONFLICT',
            `${path} is there already`,
            'Edit it, or replace it with --force.',
          )
        }
        if (options.feed === undefined && CITY_PROFILES[city] === undefined) {
          throw new OperatorError(
            'USAGE',
            `"${city}" is not a ready-made city`,
            'Give its discovery document with --feed URL.',
          )
        }
        await writeFile(path, renderSettings(template(), { city, ...options }))
        await writeDefaultCity(context.dataDir, city)
        return {
          human: `Wrote ${path} for "${city}". Next: \`bikeshare doctor --online\`, then \`bikeshare ingest\`.`,
          json: { path, city },
        }
      }),
    )
  },
}

function template(): string {
  return readFileSync(new URL('../../../../bikeshare.toml', import.meta.url), 'utf8')
}

/** The commented settings file with the city filled in. */
export function renderSettings(text: string, o: { city: string; feed?: string; country?: string }): string {
  const city = citySchema.parse(o.city)
  const withCity = text.replace(/^# city = .*$/m, `city = ${JSON.stringify(city)}`)
  if (o.feed === undefined) return withCity
  const table = [`[cities.${city}]`, `gbfs_url = ${JSON.stringify(o.feed)}`]
  if (o.country !== undefined) table.push(`country = ${JSON.stringify(o.country)}`)
  return `${withCity}\n${table.join('\n')}\n`
}
