import { lookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'

/** Address blocks that no public feed lives in (IANA special-purpose registries). */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const
const PRIVATE_V6 = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const

const blocked = new BlockList()
for (const [net, bits] of PRIVATE_V4) blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of PRIVATE_V6) blocked.addSubnet(net, bits, 'ipv6')
const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

/** Looks a host name up, as `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: { all: true; family?: number; hints?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** The machine's own resolver. */
export const systemResolve: Resolve = (hostname, options, callback) => lookup(hostname, options, callback)

/** A connection refused because its target is not on the public internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

/**
 * True for an IP address that is not on the public internet: private, loopback, link-local, carrier-grade NAT, reserved,
 * multicast, and IPv6 forms that carry such an IPv4 address. False for a text that is no IP address.
 */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '')
  if (isIP(bare) === 0) return false
  if (!isIPv6(bare)) return blocked.check(bare, 'ipv4')
  // IPv6-only networks reach public IPv4 hosts through this prefix, so the address inside decides.
  if (nat64.check(bare, 'ipv6')) return blocked.check(lastFourBytes(bare), 'ipv4')
  return blocked.check(bare, 'ipv6')
}

/** Throws PrivateAddressError when the host of `url` is itself an address that `refuses` says no to. */
export function checkHost(url: URL, refuses: (address: string) => boolean): void {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && refuses(host)) throw new PrivateAddressError(`${host} is a private address`)
}

/** A lookup for sockets that gives only addresses which `refuses` lets pass, so that no host name can lead inside. */
export function guardedLookup(resolve: Resolve, refuses: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    const wanted = { all: true as const, family: familyOf(options.family), hints: options.hints ?? 0 }
    resolve(hostname, wanted, (error, addresses) => {
      if (error) return callback(error, [])
      const open = addresses.filter(({ address }) => !refuses(address))
      const [first] = open
      if (first === undefined) {
        const refused = addresses[0]?.address ?? 'no address'
        return callback(new PrivateAddressError(`${hostname} leads to ${refused}, a private address`), [])
      }
      return options.all === true ? callback(null, open) : callback(null, first.address, first.family)
    })
  }
}

function familyOf(family: number | 'IPv4' | 'IPv6' | undefined): number {
  if (family === 'IPv4') return 4
  return family === 'IPv6' ? 6 : (family ?? 0)
}

/** The IPv4 address in the last 32 bits of an IPv6 one; the URL parser brings every spelling to one. */
function lastFourBytes(address: string): string {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':')
  const [high, low] = groups.slice(-2).map((group) => (group === '' ? 0 : Number.parseInt(group, 16)))
  return [high ?? 0, low ?? 0].flatMap((n) => [n >> 8, n & 255]).join('.')
}
