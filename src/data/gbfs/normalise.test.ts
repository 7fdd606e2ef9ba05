import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { parseInformation, parseStatus, parseSystemInformation } from './normalise.ts'

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isOperatorError(error, 'BAD_INPUT')) return error.message
    throw error
  }
  throw new Error('was taken')
}

const expected = {
  station_id: 's1',
  num_bikes_available: 5,
  num_docks_available: 10,
  num_bikes_disabled: 1,
  num_docks_disabled: 2,
  num_ebikes_available: null,
  is_installed: true,
  is_renting: true,
  is_returning: false,
  last_reported: 1_689_600_853,
}
const v1 = {
  station_id: 's1',
  num_bikes_available: 5,
  num_bikes_disabled: 1,
  num_docks_available: 10,
  num_docks_disabled: 2,
  is_installed: 1,
  is_renting: 1,
  is_returning: 0,
  last_reported: 1_689_600_853,
}
const v2 = { ...v1, is_installed: true, is_renting: true, is_returning: false, vehicle_types_available: [] }
const v3 = {
  station_id: 's1',
  num_vehicles_available: 5,
  num_vehicles_disabled: 1,
  num_docks_available: 10,
  num_docks_disabled: 2,
  is_installed: true,
  is_renting: true,
  is_returning: false,
  last_reported: '2023-07-17T15:34:13+02:00',
}

describe('a status document', () => {
  it.each([
    ['1.0', { last_updated: 1_689_600_900, ttl: 10, data: { stations: [v1] } }, '1.0'],
    ['1.1', { last_updated: 1_689_600_900, ttl: 10, version: '1.1', data: { stations: [v1] } }, '1.1'],
    ['2.0', { last_updated: 1_689_600_900, ttl: 10, version: '2.0', data: { stations: [v2] } }, '2.0'],
    ['2.3', { last_updated: 1_689_600_900, ttl: 10, version: '2.3', data: { stations: [v2] } }, '2.3'],
    [
      '3.0',
      { last_updated: '2023-07-17T13:35:00Z', ttl: 10, version: '3.0', data: { stations: [v3] } },
      '3.0',
    ],
    [
      '"1.0" with the names of 3.0',
      { last_updated: '2023-07-17T13:35:00.999Z', ttl: 10, version: '1.0', data: { stations: [v3] } },
      '1.0',
    ],
    [
      '2.3 with flags of 1.x and text for numbers',
      {
        last_updated: '1689600900',
        ttl: '10',
        version: 2.3,
        data: { stations: [{ ...v1, num_bikes_available: '5' }] },
      },
      '2.3',
    ],
  ])('of version %s comes into the one shape', (_name, document, version) => {
    expect(parseStatus(bytes(document))).toEqual({
      last_updated: 1_689_600_900,
      ttl: 10,
      version,
      stations: [expected],
      quarantined: [],
    })
  })

  it('of Paris, with its own names, is read as well', () => {
    const station = {
      ...v1,
      station_id: 213_688_169,
      stationCode: '16107',
      numBikesAvailable: 5,
      num_bikes_available_types: [{ mechanical: 3 }, { ebike: 2 }],
    }
    const { last_updated, stations } = parseStatus(
      bytes({ lastUpdatedOther: 1_689_600_900, ttl: 3600, data: { stations: [station] } }),
    )
    expect(last_updated).toBe(1_689_600_900)
    expect(stations).toEqual([{ ...expected, station_id: '213688169', num_ebikes_available: 2 }])
  })

  it('takes the sum of vehicle_docks_available for a dock count that is not there, and sets a station without both aside', () => {
    const { num_docks_available: _, ...rest } = v2
    const byType = {
      ...rest,
      vehicle_docks_available: [
        { vehicle_type_ids: ['a'], count: 4 },
        { vehicle_type_ids: ['b'], count: 6 },
      ],
    }
    const { stations, quarantined } = parseStatus(
      bytes({
        last_updated: 1,
        ttl: 0,
        version: '2.3',
        data: { stations: [byType, { ...rest, station_id: 'virtual' }] },
      }),
    )
    expect(stations).toEqual([expected])
    expect(quarantined).toEqual([
      { station_id: 'virtual', reason: 'malformed', detail: 'num_docks_available missing' },
    ])
  })

  it('keeps the stations that are right when others are not', () => {
    const strange = [null, 5, 'x', [], {}, [[]], { ...v1, station_id: 'bad', num_bikes_available: {} }]
    const { stations, quarantined } = parseStatus(
      bytes({ last_updated: 1, data: { stations: [...strange, v1] } }),
    )
    expect(stations).toEqual([expected])
    expect(quarantined.map((q) => q.reason)).toEqual([
      ...Array.from({ length: 6 }, () => 'missing_station_id'),
      'malformed',
    ])
  })

  it('reads a missing or senseless ttl as 0 and a byte order mark as nothing', () => {
    const document = { last_updated: 1, ttl: -5, data: { stations: [v1] } }
    expect(parseStatus(bytes(`\uFEFF${JSON.stringify(document)}`)).ttl).toBe(0)
  })

  it('is not touched by keys that name a prototype', () => {
    const hostile = `{"last_updated":1,"data":{"stations":[{"__proto__":{"num_bikes_available":5},"constructor":1,"station_id":"s1"},${JSON.stringify(v1)}]}}`
    const { stations, quarantined } = parseStatus(bytes(hostile))
    expect(stations).toEqual([expected])
    expect(quarantined).toEqual([
      { station_id: 's1', reason: 'malformed', detail: 'num_bikes_available missing' },
    ])
    expect(({} as Record<string, unknown>)['num_bikes_available']).toBeUndefined()
  })

  it.each([
    [
      'an HTML page',
      '<!DOCTYPE html><html><body>Sorry</body></html>',
      /an HTML page \(though with status 200\) that starts with "<!DOCTYPE html>/,
    ],
    ['XML', '<?xml version="1.0"?><a/>', /XML rather than JSON/],
    ['nothing', '', /an empty document/],
    ['blanks', ' \n ', /blank/],
    ['a cut document', '{"last_updated": 1, "data": {"stations": [', /cut off after 42 bytes/],
    ['words', 'Service unavailable', /not valid JSON .* starts with "Service unavailable"/],
    ['a list', '[1]', /an array of 1 rather than a JSON object/],
    ['no data', '{"last_updated": 1}', /without data.stations \(data is missing\)/],
    ['other data', '{"last_updated": 1, "data": {"bikes": []}}', /without data.stations \(data has bikes\)/],
    ['no time', '{"data": {"stations": []}}', /without a usable last_updated \(missing\)/],
    ['milliseconds', '{"last_updated": 1689600900000, "data": {"stations": []}}', /looks like milliseconds/],
    [
      'a time without its zone',
      '{"last_updated": "2023-07-17T13:35:00", "data": {"stations": []}}',
      /without a usable last_updated/,
    ],
    [
      'information',
      '{"last_updated": 1, "data": {"stations": [{"station_id": "a", "lat": 1, "lon": 1}]}}',
      /no station_status/,
    ],
  ])('that is %s is refused with a word on what it is', (_name, text, message) => {
    expect(refusal(() => parseStatus(bytes(text)))).toMatch(message)
  })

  it('names the address it came from, without its secrets', () => {
    const url = 'https://user:pw@example.org/status?key=secret'
    expect(refusal(() => parseStatus(bytes('<html>'), url))).toMatch(
      /^The answer of https:\/\/example\.org\/status\?key=… is an HTML page/,
    )
  })

  it('that is still compressed is refused', () => {
    expect(refusal(() => parseStatus(Buffer.from([0x1f, 0x8b, 8, 0])))).toMatch(/gzip-compressed/)
  })

  it('with more than 50,000 stations is refused', () => {
    const stations = Array.from({ length: 50_001 }, () => 0)
    expect(refusal(() => parseStatus(bytes({ last_updated: 1, data: { stations } })))).toMatch(
      /50001 stations long/,
    )
  })

  it('nested a million levels deep is refused or set aside, not followed', () => {
    const depth = 1_000_000
    const bomb = '['.repeat(depth) + ']'.repeat(depth)
    expect(refusal(() => parseStatus(bytes(bomb)))).toMatch(/an array of 1/)
    const inside = `{"last_updated":1,"data":{"stations":[{"station_id":${bomb},"num_bikes_available":1}]}}`
    expect(parseStatus(bytes(inside)).quarantined).toEqual([
      { station_id: '', reason: 'malformed', detail: 'station_id an array of 1' },
    ])
  })
})

describe('an information document', () => {
  const place = { station_id: 's1', lat: 59.9, lon: 10.7, capacity: 12, region_id: 'r', short_name: '12' }
  const one = (name: unknown) =>
    parseInformation(
      bytes({
        last_updated: '2023-07-17T13:35:00Z',
        ttl: 5,
        version: '3.0',
        data: { stations: [{ ...place, name }] },
      }),
    )

  it('of any version comes into the one shape', () => {
    expect(one('Torget')).toEqual({
      last_updated: 1_689_600_900,
      ttl: 5,
      version: '3.0',
      stations: [{ ...place, name: 'Torget' }],
      quarantined: [],
    })
  })

  it('gives the English name of several, else the first', () => {
    const nb = { text: 'Torget', language: 'nb' }
    expect(one([nb, { text: 'The Square', language: 'en' }]).stations[0]?.name).toBe('The Square')
    expect(one([nb, { text: 'The Square', language: 'en-GB' }]).stations[0]?.name).toBe('The Square')
    expect(one([nb, { text: 'Torvet', language: 'da' }]).stations[0]?.name).toBe('Torget')
    expect(one([]).stations[0]?.name).toBe('s1')
    expect(one([{ text: 5 }, null]).stations[0]?.name).toBe('s1')
  })

  it('sets aside positions and capacities that cannot be', () => {
    const stations = [
      { ...place, station_id: 'a', lat: 0, lon: 0 },
      { ...place, station_id: 'b', capacity: -1 },
    ]
    const { quarantined } = parseInformation(bytes({ last_updated: 1, data: { stations } }))
    expect(quarantined.map((q) => q.reason)).toEqual(['position_invalid', 'capacity_invalid'])
  })

  it('that is a status document is refused', () => {
    const document = { last_updated: 1, data: { stations: [{ station_id: 'a', num_bikes_available: 1 }] } }
    expect(refusal(() => parseInformation(bytes(document)))).toMatch(/no station_information/)
  })
})

describe('a system_information document', () => {
  it('gives id, name and time zone', () => {
    const data = { system_id: 'oslo', name: 'Oslo Bysykkel', timezone: 'Europe/Oslo' }
    expect(parseSystemInformation(bytes({ last_updated: 1, data }))).toEqual(data)
    const v3 = { ...data, name: [{ text: 'Oslo Bysykkel', language: 'nb' }] }
    expect(parseSystemInformation(bytes({ version: '3.0', data: v3 }))).toEqual(data)
    expect(parseSystemInformation(bytes({ data: { system_id: 1, timezone: 'Europe/Paris' } }))).toEqual({
      system_id: '1',
      name: null,
      timezone: 'Europe/Paris',
    })
  })

  it('without a time zone that is known, or without an id, is refused', () => {
    for (const timezone of [undefined, '', 'Mars/Base', 'x'.repeat(1e6), 5, '../etc']) {
      expect(refusal(() => parseSystemInformation(bytes({ data: { system_id: 'a', timezone } })))).toMatch(
        /time zone/,
      )
    }
    expect(refusal(() => parseSystemInformation(bytes({ data: { timezone: 'UTC' } })))).toMatch(/system_id/)
    expect(refusal(() => parseSystemInformation(bytes({ data: [] })))).toMatch(/system_id/)
  })
})
