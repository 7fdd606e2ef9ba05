import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseInformation, parseStatus } from '../../src/data/gbfs/normalise.ts'
import { judgeBatch } from '../../src/data/gbfs/rules.ts'
import { toGbfs } from '../../src/data/gbfs/serialise.ts'
import { parseWeatherCsv } from '../../src/data/weather/weather-csv.ts'
import { SHARED_DATA } from '../support/shared-data.ts'

const raw = (name: string) => gunzipSync(readFileSync(join(SHARED_DATA, name)))
const text = (name: string) => readFileSync(join(SHARED_DATA, name), 'utf8')

describe('the raw files of the recordings', () => {
  it.each([
    ['nyc', 2211, '1.1', 60, 2211],
    ['sf', 517, '1.0', 5, 518],
  ] as const)(
    'of %s are read whole, and read the same as a feed of any version',
    (city, stations, version, ttl, places) => {
      const status = parseStatus(raw(`${city}_station_status.json.gz`))
      expect(status).toMatchObject({ version, ttl, quarantined: [] })
      expect(status.stations).toHaveLength(stations)
      expect(judgeBatch(status)).toBeUndefined()
      const information = parseInformation(raw(`${city}_station_information.json.gz`))
      expect(information.quarantined).toEqual([])
      expect(information.stations).toHaveLength(places)
      for (const v of ['1.1', '2.3', '3.0'] as const) {
        const statusAgain = parseStatus(toGbfs(v, { kind: 'station_status', snapshot: status }))
        expect(statusAgain).toEqual({ ...status, version: v })
        const again = parseInformation(toGbfs(v, { kind: 'station_information', snapshot: information }))
        expect(again).toEqual({ ...information, version: v })
      }
    },
  )
})

describe('the weather files of the recordings', () => {
  it('are read whole', () => {
    const observed = parseWeatherCsv(text('nyc_weather.csv'), 'archive')
    expect(observed.quarantined).toEqual([])
    expect(observed.hours).toHaveLength(743)
    expect(observed.hours.filter((h) => h.issued_at < h.valid_at)).toHaveLength(3)
    const forecast = parseWeatherCsv(text('nyc_weather_forecast.csv'), 'archive')
    expect(forecast.quarantined).toEqual([])
    expect(forecast.hours).toHaveLength(18_500)
    expect(forecast.hours.every((h) => h.temp_c !== null && h.wind_kph !== null && h.pres_hpa !== null)).toBe(
      true,
    )
  })
})
