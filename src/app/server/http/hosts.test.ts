import { describe, expect, it } from 'vitest'
import { checkHost, checkOrigin, type OriginHeaders } from './hosts.ts'

const RULES = { allowedHosts: ['bikes.example.org'], allowedOrigins: ['https://proxy.example.org'] }

describe('the Host header', () => {
  it.each([
    '127.0.0.1:18081',
    'localhost',
    'LOCALHOST:80',
    '[::1]:18081',
    '192.168.1.7:18081',
    'Bikes.Example.org',
  ])('%s is taken', (host) => {
    expect(() => checkHost(host, RULES)).not.toThrow()
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:18081',
    '[evil]',
    'a@127.0.0.1',
  ])('%s is refused: a name that anybody can point here', (host) => {
    expect(() => checkHost(host, RULES)).toThrow(/is not known as/)
  })
})

describe('the origin of a change', () => {
  const headers = (more: Partial<OriginHeaders>): OriginHeaders => ({
    host: '127.0.0.1:18081',
    origin: undefined,
    'sec-fetch-site': undefined,
    ...more,
  })
  it.each([
    [{ origin: 'http://127.0.0.1:18081' }, false],
    [{ origin: 'http://127.0.0.1:18081', 'sec-fetch-site': 'same-origin' }, false],
    [{ origin: 'https://proxy.example.org' }, false],
    [{ 'sec-fetch-site': 'same-origin' }, false],
    [{}, true],
  ] as const)('%j is taken (token in the header: %s)', (more, byHeader) => {
    expect(() => checkOrigin(headers(more), byHeader, RULES)).not.toThrow()
  })

  it.each([
    [{}, false],
    [{ origin: 'null' }, true],
    [{ origin: 'http://evil.example' }, true],
    [{ origin: 'http://127.0.0.1:9999' }, false],
    [{ origin: 'http://127.0.0.1:18081', 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ origin: 'http://127.0.0.1:18081.evil.example' }, false],
  ] as const)('%j is refused (token in the header: %s)', (more, byHeader) => {
    expect(() => checkOrigin(headers(more), byHeader, RULES)).toThrow(/own pages alone/)
  })
})
