import { describe, expect, it } from 'vitest'
import {
  checkHost,
  guardedLookup,
  isPrivateAddress,
  PrivateAddressError,
  type Resolve,
} from './private-address.ts'

describe('a private address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::FFFF:a9fe:a9fe',
    '0:0:0:0:0:ffff:c0a8:1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
  ])('is %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::8a',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    'example.org',
    '',
  ])('is not %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  it('is found in every spelling that a URL allows', () => {
    for (const host of [
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:7f00:1]',
      '127.0.0.1.',
      '①②⑦.0.0.1',
    ]) {
      expect(() => checkHost(new URL(`http://${host}/`), isPrivateAddress)).toThrow(PrivateAddressError)
    }
    expect(() => checkHost(new URL('http://example.org/'), isPrivateAddress)).not.toThrow()
  })
})

describe('the guarded lookup', () => {
  const resolves =
    (...addresses: string[]): Resolve =>
    (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  const look = (resolve: Resolve, all: boolean) =>
    new Promise<unknown>((resolve_, reject) => {
      guardedLookup(resolve, isPrivateAddress)('feed.example.org', { all }, (error, address) =>
        error === null ? resolve_(address) : reject(error),
      )
    })

  it('gives the public ones of several addresses', async () => {
    expect(await look(resolves('10.0.0.1', '8.8.8.8', '::1'), true)).toEqual([
      { address: '8.8.8.8', family: 4 },
    ])
    expect(await look(resolves('10.0.0.1', '8.8.8.8'), false)).toBe('8.8.8.8')
  })

  it('refuses a name that only leads inside, or nowhere', async () => {
    await expect(look(resolves('10.0.0.1', 'fe80::1'), true)).rejects.toThrow(
      'feed.example.org leads to 10.0.0.1, a private address',
    )
    await expect(look(resolves(), false)).rejects.toThrow(PrivateAddressError)
  })

  it('passes the error of the resolver on', async () => {
    const fails: Resolve = (_host, _options, callback) => callback(new Error('ENOTFOUND'), [])
    await expect(look(fails, true)).rejects.toThrow('ENOTFOUND')
  })
})
