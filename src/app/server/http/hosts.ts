import { isIP } from 'node:net'
import { Refusal } from './problem.ts'

/** By which names and origins the server may be spoken to, beside those of this machine. */
export interface HostRules {
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/**
 * Refuses a Host header that is a name nobody configured. A page of another site that lets its own name point to this
 * machine (DNS rebinding) shows that name; an address or `localhost` cannot be had so.
 */
export function checkHost(host: string | undefined, { allowedHosts }: HostRules): void {
  const name = hostName(host)
  if (name === 'localhost' || isIP(name) !== 0 || allowedHosts.some((one) => one.toLowerCase() === name))
    return
  throw new Refusal(
    421,
    'MISDIRECTED',
    `this server is not known as "${(host ?? '').slice(0, 100)}"`,
    'Open it by its address, or add the name to allowed_hosts in [dashboard] of bikeshare.toml.',
  )
}

/** Headers that tell which page a request comes from. */
export interface OriginHeaders {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly 'sec-fetch-site': string | undefined
}

/**
 * Refuses a change that a page of another site asks for: its Origin must be this server's own. A browser always says one;
 * without it only a token in the header counts (`byHeader`), which no other site has.
 */
export function checkOrigin(headers: OriginHeaders, byHeader: boolean, rules: HostRules): void {
  const { origin, host } = headers
  const sameSite = headers['sec-fetch-site']
  if (origin === undefined) {
    if (byHeader || sameSite === 'same-origin') return
    throw refused('it says no Origin')
  }
  if (sameSite !== undefined && sameSite !== 'same-origin' && sameSite !== 'none')
    throw refused('another site asks for it')
  if (rules.allowedOrigins.includes(origin) || originHost(origin) === host?.toLowerCase()) return
  throw refused(`it comes from ${origin.slice(0, 100)}`)
}

const refused = (why: string): Refusal =>
  new Refusal(
    403,
    'FORBIDDEN',
    `a change is taken from this server's own pages alone: ${why}`,
    'Open the dashboard by the address that it is served at, or send the token in the Authorization header.',
  )

function hostName(host: string | undefined): string {
  const text = (host ?? '').toLowerCase()
  const bracketed = /^\[([0-9a-f:.]+)\](?::\d+)?$/.exec(text)?.[1]
  return bracketed ?? text.replace(/:\d+$/, '')
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1]
}
