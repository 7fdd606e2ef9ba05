import { describe, expect, it } from 'vitest'
import { isOperatorError } from '../../core/errors.ts'
import { parseDiscovery } from './discovery.ts'

const URL = 'https://example.org/gbfs/2.3/gbfs.json'
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const feed = (name: string, url: string) => ({ name, url })
const status = feed('station_status', 'https://feeds.example.com/a1b2?x=1')

function refusal(value: unknown): { message: string; hint: string | undefined } {
  try {
    parseDiscovery(Buffer.isBuffer(value) ? value : bytes(value), URL)
  } catch (error) {
    if (isOperatorError(error, 'BAD_INPUT')) return error
    throw error
  }
  throw new Error('was taken')
}

describe('a discovery document', () => {
  it('of 3.x lists its feeds in data.feeds, on any host and under any file name', () => {
    const data = {
      feeds: [
        status,
        feed('station_information', 'https://other.example.net/i'),
        feed('vehicle_types', 'x:'),
      ],
    }
    expect(parseDiscovery(bytes({ version: '3.0', data }), URL)).toEqual({
      version: '3.0',
      feeds: {
        station_status: 'https://feeds.example.com/a1b2?x=1',
        station_information: 'https://other.example.net/i',
      },
    })
  })

  it('of 1.x and 2.x is read in English if there is English, else in the language listed first', () => {
    const fr = { feeds: [feed('station_status', 'https://example.org/fr/status')] }
    const en = { feeds: [feed('station_status', 'https://example.org/en/status')] }
    const of = (data: unknown) => parseDiscovery(bytes({ version: '1.1', data }), URL).feeds.station_status
    expect(of({ fr, en })).toBe('https://example.org/en/status')
    expect(of({ fr, 'en-US': en })).toBe('https://example.org/en/status')
    expect(of({ fr, de: en })).toBe('https://example.org/fr/status')
    expect(of({ last: 1, fr })).toBe('https://example.org/fr/status')
  })

  it('may give URLs relative to itself', () => {
    const data = {
      feeds: [feed('station_status', 'station_status.json'), feed('system_information', '/s.json')],
    }
    expect(parseDiscovery(bytes({ data }), URL).feeds).toEqual({
      station_status: 'https://example.org/gbfs/2.3/station_status.json',
      system_information: 'https://example.org/s.json',
    })
  })

  it('counts the first of a name listed twice, and passes over entries that are none', () => {
    const feeds = [
      null,
      5,
      {},
      { name: 'station_status' },
      status,
      feed('station_status', 'https://example.org/2'),
    ]
    expect(parseDiscovery(bytes({ data: { feeds } }), URL).feeds.station_status).toBe(status.url)
  })

  it.each([
    [
      'a station_status feed',
      { last_updated: 1, data: { stations: [{ station_id: '1', num_bikes_available: 1 }] } },
    ],
    [
      'a station_information feed',
      { last_updated: 1, data: { stations: [{ station_id: '1', lat: 1, lon: 1 }] } },
    ],
    ['a system_information feed', { data: { system_id: 'a', timezone: 'UTC' } }],
    ['a list of GBFS versions', { data: { versions: [] } }],
  ])('is not %s, and the error says to give gbfs.json', (name, document) => {
    const { message, hint } = refusal(document)
    expect(message).toContain(`The answer of ${URL} is ${name}`)
    expect(hint).toContain('gbfs.json')
  })

  it('without station_status, or with one that cannot be fetched, is refused with what it lists', () => {
    expect(
      refusal({ data: { feeds: [feed('free_bike_status', 'https://example.org/f')] } }).message,
    ).toContain('without station_status (it lists free_bike_status)')
    expect(refusal({ data: { en: { feeds: [] } } }).message).toContain('it lists nothing')
    for (const url of [
      'file:///etc/passwd',
      'gopher://example.org/',
      'http://[',
      `https://example.org/${'x'.repeat(5000)}`,
    ]) {
      expect(refusal({ data: { feeds: [feed('station_status', url)] } }).message.length).toBeLessThan(500)
    }
  })

  it('is not HTML, JSON of another kind, or nothing', () => {
    expect(refusal(Buffer.from('<html></html>')).message).toContain('an HTML page')
    expect(refusal({ message: 'not found', code: 404 }).message).toContain('it has message, code')
    expect(refusal({ data: { bikes: [] } }).message).toContain('its data has bikes')
    expect(refusal(Buffer.alloc(0)).message).toContain('an empty document')
  })
})
