import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { isInRange, WEATHER_COLUMNS } from './ranges.ts'
import { parseWeatherCsv } from './weather-csv.ts'

const T = Date.parse('2024-03-01T05:00:00Z') / 1000
const NOTHING = Object.fromEntries(WEATHER_COLUMNS.map((column) => [column, null]))

describe('weather from CSV', () => {
  it('in the columns of Meteostat is read, its condition codes as WMO codes', () => {
    const csv = [
      'time,temp,dwpt,rhum,prcp,snow,wdir,wspd,wpgt,pres,tsun,coco',
      '2024-03-01 05:00:00,1.5,-3,51,0.2,,304,6.4,20.1,1029.6,,7',
      '2024-03-01 06:00:00,1.5,-3,51,0.2,,304,6.4,,1029.6,,27',
    ].join('\r\n')
    const { hours, quarantined } = parseWeatherCsv(csv, 'meteostat')
    expect(hours[0]).toEqual({
      valid_at: T,
      issued_at: T,
      source: 'meteostat',
      temp_c: 1.5,
      precip_mm: 0.2,
      wind_kph: 6.4,
      rhum_pct: 51,
      pres_hpa: 1029.6,
      wind_dir_deg: 304,
      wind_gust_kph: 20.1,
      snow_mm: null,
      weather_code: 61,
    })
    expect(hours[1]).toMatchObject({ valid_at: T + 3600, wind_gust_kph: null, weather_code: null })
    expect(quarantined.map((q) => q.line)).toEqual([1, 3])
    expect(quarantined[0]?.reason).toContain('the column snow is passed over')
  })

  it('with a date and an hour column is read', () => {
    const { hours } = parseWeatherCsv('date,hour,temp\n2024-03-01,5,1\n2024-03-01,24,1\n2024-03-01,,1\n', 'm')
    expect(hours.map((h) => h.valid_at)).toEqual([T])
  })

  it('in kilometres an hour, per cent and hectopascal, with an issue time, is read as forecasts', () => {
    const csv = `issue_time,lead_h,time,temp_c,precip_mm,precip_prob_pct,wind_kmh,wind_gust_kmh,humidity_pct,pressure_hpa,wind_dir_deg,snow_mm,cloudcover_pct,weather_code
2024-03-01T05:00:00Z,0,2024-03-01T05:00:00Z,-1.11,0.0,0,6.44,20.12,51,1029.6,304,0.0,0,
2024-03-01T05:00:00Z,1,2024-03-01T06:00:00Z,-0.94,0.0,0,6.12,16.9,55,1031.5,298,0.0,0,partly-cloudy`
    const { hours, quarantined } = parseWeatherCsv(csv, 'archive')
    expect(quarantined).toEqual([])
    expect(hours).toEqual([
      {
        valid_at: T,
        issued_at: T,
        source: 'archive',
        temp_c: -1.11,
        precip_mm: 0,
        wind_kph: 6.44,
        rhum_pct: 51,
        pres_hpa: 1029.6,
        wind_dir_deg: 304,
        wind_gust_kph: 20.12,
        snow_mm: 0,
        weather_code: null,
      },
      {
        valid_at: T + 3600,
        issued_at: T,
        source: 'archive',
        temp_c: -0.94,
        precip_mm: 0,
        wind_kph: 6.12,
        rhum_pct: 55,
        pres_hpa: 1031.5,
        wind_dir_deg: 298,
        wind_gust_kph: 16.9,
        snow_mm: 0,
        weather_code: 2,
      },
    ])
  })

  it('with a lead time alone was issued that long before', () => {
    const { hours } = parseWeatherCsv(
      'time,temp_c,lead_h\n2024-03-01T05:00Z,1,2\n2024-03-01T06:00Z,1,\n',
      'a',
    )
    expect(hours.map((h) => h.valid_at - h.issued_at)).toEqual([7200, 0])
  })

  it('in the columns of the lake, in POSIX seconds, keeps its issue time and its source', () => {
    const csv = `source,valid_at,issued_at,temp_c\nopen-meteo,${T},${T - 600},1\n,${T},${T - 600},2\n`
    expect(parseWeatherCsv(csv, 'file').hours).toEqual([
      { ...NOTHING, valid_at: T, issued_at: T - 600, source: 'file', temp_c: 2 },
      { ...NOTHING, valid_at: T, issued_at: T - 600, source: 'open-meteo', temp_c: 1 },
    ])
  })

  it('is converted from other units by the names of its columns', () => {
    const csv = 'time,temp_f,wind_ms,wind_gust_mph,precip_in,snowfall_cm\n2024-03-01T05:00:00Z,50,10,10,1,7\n'
    expect(parseWeatherCsv(csv, 'a').hours[0]).toMatchObject({
      temp_c: 10,
      wind_kph: 36,
      wind_gust_kph: 16.09344,
      precip_mm: 25.4,
      snow_mm: 10,
    })
  })

  it('understands quotation marks, empty values and a byte order mark', () => {
    const csv =
      '\uFEFF"time","TEMP_C", rhum \n"2024-03-01T05:00:00Z","-0",NA\n2024-03-01T06:00:00+01:00,,"50"\n'
    const { hours, quarantined } = parseWeatherCsv(csv, 'a')
    expect(hours).toHaveLength(1)
    expect(Object.is(hours[0]?.temp_c, 0)).toBe(true)
    expect(quarantined).toEqual([{ line: 3, reason: 'the same hour is in an earlier line' }])
  })

  it('leaves a value out of range empty and says so', () => {
    const { hours, quarantined } = parseWeatherCsv(
      'time,temp_c,rhum\n2024-03-01T05:00Z,61,50\n2024-03-01T06:00Z,x,101\n',
      'a',
    )
    expect(hours).toEqual([{ ...NOTHING, valid_at: T, issued_at: T, source: 'a', rhum_pct: 50 }])
    expect(quarantined).toEqual([
      { line: 2, reason: 'temp_c "61" is not a number within -60..60 (temp_c), left empty' },
      { line: 3, reason: 'temp_c "x" is not a number within -60..60 (temp_c), left empty' },
      { line: 3, reason: 'rhum "101" is not a number within 0..100 (rhum_pct), left empty' },
      { line: 3, reason: 'no value in any column' },
    ])
  })

  it('reports a condition that is not in the table once', () => {
    const csv =
      'time,temp_c,weather_code\n1,1,frogs\n2024-03-01T05:00Z,1,frogs\n2024-03-01T06:00Z,1,frogs\n2024-03-01T07:00Z,1,Heavy Snow\n2024-03-01T08:00Z,1,clear-night'
    const { hours, quarantined } = parseWeatherCsv(csv, 'a')
    expect(hours.map((h) => h.weather_code)).toEqual([null, null, 75, 0])
    expect(quarantined).toEqual([
      { line: 2, reason: 'the time "1" cannot be read' },
      { line: 3, reason: 'weather_code "frogs" is no known weather code, left empty' },
    ])
  })

  it('leaves out lines that are torn, have too many fields, or were issued after their hour', () => {
    const csv =
      'time,temp_c,issue_time\n2024-03-01T05:00Z,1,2024-03-01T06:00Z\n2024-03-01T05:00Z,1,soon\n2024-03-01T05:00Z,1,2,3\n2024-03-01T05:00Z,"1\n2024-03-01T0'
    const { hours, quarantined } = parseWeatherCsv(csv, 'a')
    expect(hours).toEqual([])
    expect(quarantined.map((q) => q.line)).toEqual([2, 3, 4, 5, 6])
    expect(quarantined[2]?.reason).toBe('4 fields under 3 column names')
    expect(quarantined[3]?.reason).toBe('an open quotation mark')
  })

  it.each([
    ['no time column', 'date,temp_c\n', /no time column; its first line names date, temp_c/],
    ['no weather column', 'time,colour\n', /no weather column; its first line names time, colour/],
    ['nothing', '', /no time column; its first line names nothing/],
    ['a web page', '<!DOCTYPE html>\n<html>', /no time column; its first line names <!doctype html>/],
  ])('with %s is refused, naming what is there', (_name, csv, message) => {
    expect(() => parseWeatherCsv(csv, 'a')).toThrow(message)
  })

  it('names a thousand problems and counts the rest', () => {
    const { quarantined } = parseWeatherCsv(`time,temp\n${'x,1\n'.repeat(5000)}`, 'a')
    expect(quarantined).toHaveLength(1001)
    expect(quarantined.at(-1)).toEqual({ line: 0, reason: 'and 4000 more' })
  })

  it('holds only values in range, ordered, each hour once, whatever the text', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom(
        '',
        '"',
        '""',
        '1',
        '-1',
        '1e999',
        '0x10',
        'NaN',
        '2024-03-01T05:00:00Z',
        '2024-03-01',
        '1709269200',
        'clear',
      ),
    )
    const line = fc.array(cell, { minLength: 4, maxLength: 4 }).map((cells) => cells.join(','))
    const time = fc
      .constantFrom('1709269200', '2024-03-01T06:00Z', 'x')
      .chain((t) => line.map((rest) => `${t},${rest}`))
    const header = fc.constantFrom(
      'time,temp_c,coco,rhum,wdir',
      'time,issued_at,source,precip_in,weather_code',
    )
    fc.assert(
      fc.property(
        header,
        fc.array(fc.oneof({ weight: 3, arbitrary: time }, { weight: 1, arbitrary: fc.string() }), {
          maxLength: 12,
        }),
        (head, lines) => {
          const { hours } = parseWeatherCsv([head, ...lines].join('\n'), 'a')
          const keys = hours.map((h) => `${h.valid_at} ${h.issued_at} ${h.source}`)
          expect(new Set(keys).size).toBe(hours.length)
          const wrong = hours.filter((hour, i) => {
            const values = WEATHER_COLUMNS.map((column) => [column, hour[column]] as const)
            return (
              hour.valid_at < (hours[i - 1]?.valid_at ?? 0) ||
              hour.issued_at > hour.valid_at ||
              values.some(([column, value]) => value !== null && !isInRange(column, value))
            )
          })
          expect(wrong).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('that is any text at all gives hours or BAD_INPUT', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseWeatherCsv(text, 'a')
        } catch (error) {
          expect(isOperatorError(error, 'BAD_INPUT')).toBe(true)
        }
      }),
    )
  })
})
