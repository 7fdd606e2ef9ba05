import { DAY_SECONDS, dsOf } from '../../../core/time.ts'
import { OPEN_METEO_ATTRIBUTION, OPEN_METEO_SOURCE } from '../../../data/weather/open-meteo.ts'
import { statusScreen } from '../../status/screen.ts'
import { wholeStatus } from '../../status/whole-status.ts'
import type { CommandModule, OpenLake } from '../command.ts'
import { addExamples } from '../options.ts'

/** `bikeshare status`: one screen. */
export const command: CommandModule = {
  build(command, act) {
    addExamples(command, [['status', 'is all well, and what is late']])
    command.action(
      act(async (context) => {
        const lake = await context.openLake()
        const { platform, info, now } = lake
        const status = await wholeStatus(platform, { city: info.city, now, wall: context.wall() })
        const weather = await weatherCredit(lake)
        return {
          human: [statusScreen(status), weather].filter((text) => text !== null).join('\n\n'),
          json: { ...status, weather },
        }
      }),
    )
  },
}

/** The credit that Open-Meteo's licence asks for, where its weather is used. */
async function weatherCredit({ platform, info, now }: OpenLake): Promise<string | null> {
  const rows = await platform.warehouse.rows<{ source: string }>({
    name: 'weather-sources',
    sql: 'select distinct source from weather',
    tables: {
      weather: {
        dataset: 'weather_hourly',
        city: info.city,
        dsFrom: dsOf(now - DAY_SECONDS),
        dsTo: dsOf(now),
      },
    },
  })
  return rows.some((row) => row.source === OPEN_METEO_SOURCE) ? OPEN_METEO_ATTRIBUTION : null
}
