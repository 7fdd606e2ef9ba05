import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { openMeteoUrl, parseOpenMeteo } from './open-meteo.ts'

const T = 1_700_002_800
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const answer = {
  latitude: 40.71,
  utc_offset_seconds: 0,
  hourly_units: {
    time: 'unixtime',
    temperature_2m: '°C',
    precipitation: 'mm',
    wind_speed_10m: 'km/h',
    relative_humidity_2m: '%',
    pressure_msl: 'hPa',
    wind_direction_10m: '°',
    wind_gusts_10m: 'km/h',
    snowfall: 'cm',
    weather_code: 'wmo code',
  },
  hourly: {
    time: [T - 3600, T, T + 3600],
    temperature_2m: [1.5, 2.5, -0],
    precipitation: [0, 0.2, 1],
    wind_speed_10m: [10, 11, 12],
    relative_humidity_2m: [80, 81, 82],
    pressure_msl: [1013.2, 1013.3, 1013.4],
    wind_direction_10m: [0, 180, 360],
    wind_gusts_10m: [20, 21, 22],
    snowfall: [0, 0.7, 7],
    weather_code: [0, 61, 73],
  },
}
const withHourly = (change: object, units: object = {}) => ({
  ...answer,
  hourly_units: { ...answer.hourly_units, ...units },
  hourly: { ...answer.hourly, ...change },
})

function refusal(value: unknown): string {
  try {
    parseOpenMeteo(bytes(value), T)
  } catch (error) {
    if (isOperatorError(error, 'BAD_INPUT')) return error.message
    throw error
  }
  throw new Error('was taken')
}

describe('the request to Open-Meteo', () => {
  it('asks for every column with its unit, in POSIX seconds', () => {
    const url = new URL(openMeteoUrl({ lat: 40.712_776, lon: -74.005_974 }))
    expect(url.origin + url.pathname).toBe('https://api.open-meteo.com/v1/forecast')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      latitude: '40.7128',
      longitude: '-74.0060',
      hourly:
        'temperature_2m,precipitation,wind_speed_10m,relative_humidity_2m,pressure_msl,wind_direction_10m,wind_gusts_10m,snowfall,weather_code',
      past_days: '1',
      forecast_days: '2',
      timezone: 'UTC',
      timeformat: 'unixtime',
      temperature_unit: 'celsius',
      wind_speed_unit: 'kmh',
      precipitation_unit: 'mm',
    })
  })

  it('is not made for a place that is not on Earth', () => {
    expect(() => openMeteoUrl({ lat: Number.NaN, lon: 0 })).toThrow(/not a place on Earth/)
    expect(() => openMeteoUrl({ lat: 0, lon: 181 })).toThrow(/not a place on Earth/)
  })
})

describe("Open-Meteo's answer", () => {
  it('gives hours that passed as observed in their own hour and later ones as issued now', () => {
    expect(parseOpenMeteo(bytes(answer), T + 600).map((h) => [h.valid_at, h.issued_at])).toEqual([
      [T - 3600, T - 3600],
      [T, T],
      [T + 3600, T + 600],
    ])
  })

  it('becomes the columns of the lake, snow as millimetres of water', () => {
    expect(parseOpenMeteo(bytes(answer), T)[2]).toEqual({
      valid_at: T + 3600,
      issued_at: T,
      source: 'open-meteo',
      temp_c: 0,
      precip_mm: 1,
      wind_kph: 12,
      rhum_pct: 82,
      pres_hpa: 1013.4,
      wind_dir_deg: 360,
      wind_gust_kph: 22,
      snow_mm: 10,
      weather_code: 73,
    })
  })

  it('is converted when it comes in other units than were asked for', () => {
    const other = withHourly(
      {
        temperature_2m: [50],
        wind_speed_10m: [10],
        wind_gusts_10m: [10],
        precipitation: [1],
        snowfall: [0.7],
      },
      {
        temperature_2m: '°F',
        wind_speed_10m: 'm/s',
        wind_gusts_10m: 'kn',
        precipitation: 'inch',
        snowfall: 'inch',
      },
    )
    expect(parseOpenMeteo(bytes(other), T)[0]).toMatchObject({
      temp_c: 10,
      wind_kph: 36,
      wind_gust_kph: 18.52,
      precip_mm: 25.4,
      snow_mm: 2.54,
    })
  })

  it('with a value out of range, or none, leaves it empty and tells once a column', () => {
    const told: string[] = []
    const odd = withHourly({
      temperature_2m: [61, 99, null],
      weather_code: [100, 3.5, 'x'],
      pressure_msl: [101_320],
    })
    const hours = parseOpenMeteo(bytes(odd), T, (problem) => told.push(problem))
    expect(hours.map((h) => [h.temp_c, h.weather_code, h.pres_hpa])).toEqual(
      Array.from({ length: 3 }, () => [null, null, null]),
    )
    expect(told.map((t) => t.split(' ')[0])).toEqual(['temp_c', 'pres_hpa', 'weather_code'])
    expect(told[0]).toBe('temp_c 61 at 2023-11-14T22:00:00Z is out of range and left empty')
  })

  it('without a variable leaves its column empty, and without any gives no hour', () => {
    const told: string[] = []
    const { snowfall: _, ...rest } = answer.hourly
    const hours = parseOpenMeteo(bytes({ ...answer, hourly: rest }), T, (problem) => told.push(problem))
    expect(hours.map((h) => h.snow_mm)).toEqual([null, null, null])
    expect(told).toEqual(['snowfall was not sent, so snow_mm is empty'])
    expect(parseOpenMeteo(bytes({ hourly: { time: [T] } }), T)).toEqual([])
  })

  it('in local ISO times is brought to UTC, ordered, each hour once', () => {
    const local = withHourly({ time: ['2023-11-14T20:00', '2023-11-14T19:00', '2023-11-14T20:00'] })
    const hours = parseOpenMeteo(bytes({ ...local, utc_offset_seconds: -18_000 }), T)
    expect(hours.map((h) => [h.valid_at, h.temp_c])).toEqual([
      [Date.parse('2023-11-15T00:00Z') / 1000, 2.5],
      [Date.parse('2023-11-15T01:00Z') / 1000, 1.5],
    ])
  })

  it.each([
    [
      'its own error',
      { error: true, reason: 'Daily API request limit exceeded' },
      /is an error: "Daily API request limit/,
    ],
    ['no hours', { hourly: {} }, /without hourly.time/],
    ['a unit nobody knows', withHourly({}, { temperature_2m: 'K' }), /temperature_2m in "K"/],
    ['a time that is none', withHourly({ time: ['soon'] }), /"soon" as a time/],
    ['a time in milliseconds', withHourly({ time: [T * 1000] }), /as a time/],
    ['too many hours', withHourly({ time: Array.from({ length: 20_001 }, () => T) }), /20001 hours long/],
    ['HTML', '<html></html>', /an HTML page/],
  ])('that is %s is refused', (_name, value, message) => {
    expect(refusal(value)).toMatch(message)
  })

  it('that is any JSON at all gives hours or BAD_INPUT', () => {
    const piece = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.oneof(fc.double(), fc.integer(), fc.string(), fc.constant(null))),
    )
    const hourly = fc.dictionary(fc.constantFrom('time', ...Object.keys(answer.hourly)), piece)
    const document = fc.oneof(
      fc.jsonValue(),
      fc.record({
        hourly,
        hourly_units: fc.oneof(piece, fc.dictionary(fc.constantFrom('snowfall', 'toString'), piece)),
      }),
      hourly.map((h) => ({ hourly: { ...answer.hourly, ...h, time: answer.hourly.time } })),
    )
    fc.assert(
      fc.property(document, (value) => {
        try {
          parseOpenMeteo(bytes(JSON.stringify(value)), T)
        } catch (error) {
          expect(isOperatorError(error, 'BAD_INPUT')).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
