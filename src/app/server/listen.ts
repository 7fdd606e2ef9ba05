import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { messageOf, OperatorError } from '../../core/errors.ts'

/** Where to listen, and what is served there, in words: `the dashboard`, and its table of bikeshare.toml. */
export interface Place {
  readonly hostname: string
  /** 0 takes any free port. */
  readonly port: number
  readonly what: string
  readonly table: string
}

/** Listens; gives the port. UNAVAILABLE, with the server closed, when the port is taken. */
export async function listen(app: FastifyInstance, { hostname, port, what, table }: Place): Promise<number> {
  try {
    await app.listen({ host: hostname, port })
  } catch (error) {
    await app.close()
    throw new OperatorError(
      'UNAVAILABLE',
      `${what} cannot be served on ${hostname}:${port}: ${messageOf(error)}`,
      `Name another --port, or \`port\` in [${table}] of bikeshare.toml.`,
      error,
    )
  }
  return (app.server.address() as AddressInfo).port
}

/** True for an address that only this machine reaches. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '::1' || hostname.startsWith('127.')
}

/** Where a browser of this machine finds it. */
export function urlOf(hostname: string, port: number): string {
  const name = hostname === '0.0.0.0' || hostname === '::' ? 'localhost' : hostname
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
