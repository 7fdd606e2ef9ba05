import { sha256 } from '../../../core/hash.ts'
import type { Clock, EpochSeconds } from '../../../core/time.ts'

/** A session ends after so long, in seconds. */
const SESSION_SECONDS = 12 * 3600
const MOST_SESSIONS = 1000
/** Random bytes of a session's id. */
const ID_BYTES = 32

/** A token that somebody signed in with, and the city whose lake knows it. */
export interface Held {
  readonly token: string
  readonly city: string
}

/** Who signed in: their browsers have a random id each, and only this memory has the token that it stands for. */
export interface Sessions {
  /** Begins one; gives its id. The oldest goes when there are too many. */
  begin(held: Held): string
  /** What a session's id stands for; undefined for one that ended or never was. */
  find(id: string): Held | undefined
  end(id: string): void
}

/** Sessions live in this process: after a restart everyone signs in again. */
export function openSessions(o: {
  readonly wall: Clock
  readonly random: (bytes: number) => Uint8Array
}): Sessions {
  const sessions = new Map<string, Held & { readonly ends: EpochSeconds }>()
  return {
    begin(held) {
      const id = Buffer.from(o.random(ID_BYTES)).toString('base64url')
      const [oldest] = sessions.keys()
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest)
      sessions.set(sha256(id), { ...held, ends: o.wall() + SESSION_SECONDS })
      return id
    },
    find(id) {
      // Looked up by hash: how long a comparison takes says nothing about an id.
      const found = sessions.get(sha256(id))
      if (!found || found.ends <= o.wall()) return undefined
      return { token: found.token, city: found.city }
    },
    end(id) {
      sessions.delete(sha256(id))
    },
  }
}

/** Value of a cookie in a Cookie header. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined && value !== '') return value
  }
  return undefined
}

/** A Set-Cookie header: sent back to the API of this server alone, and read by no script. Without an id it ends the session. */
export function cookieHeader(name: string, id: string | undefined, secure: boolean): string {
  const rest = `Path=/api; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  return id === undefined
    ? `${name}=; Max-Age=0; ${rest}`
    : `${name}=${id}; Max-Age=${SESSION_SECONDS}; ${rest}`
}
