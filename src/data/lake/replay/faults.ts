import type { ServerResponse } from 'node:http'
import type { EpochSeconds } from '../../../core/time.ts'

/** What a planted fault makes of the status feed. */
export type ReplayFaultKind =
  /** Status 503. */
  | 'unavailable'
  /** Status 429, with Retry-After. */
  | 'too_many_requests'
  /** Status 403. */
  | 'forbidden'
  /** A web page with status 200. */
  | 'html'
  /** JSON cut in its middle. */
  | 'truncated'
  /** The snapshot that was current when the fault began. */
  | 'frozen'
  /** Headers and a first byte, and then nothing. */
  | 'stalled'
  /** Every third station listed twice. */
  | 'duplicates'
  /** Every bike count one higher, under the same last_updated. */
  | 'conflict'

/** All kinds, for parsing what a person typed. */
export const REPLAY_FAULT_KINDS: readonly ReplayFaultKind[] = [
  'unavailable',
  'too_many_requests',
  'forbidden',
  'html',
  'truncated',
  'frozen',
  'stalled',
  'duplicates',
  'conflict',
]

/** A fault of the status feed while the virtual time is in `[from, to)`. */
export interface ReplayFault {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly kind: ReplayFaultKind
}

/** The fault in force at a virtual time; of several the first. */
export function faultAt(faults: readonly ReplayFault[], at: EpochSeconds): ReplayFault | undefined {
  return faults.find((fault) => at >= fault.from && at < fault.to)
}

const STATUS: Partial<Record<ReplayFaultKind, number>> = {
  unavailable: 503,
  too_many_requests: 429,
  forbidden: 403,
}

const PAGE = '<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>Back soon</body></html>\n'

/** Answers in the way of a fault of transport; false for one of content, which `spoil` makes. */
export function misbehave(kind: ReplayFaultKind, response: ServerResponse, body: Uint8Array): boolean {
  const status = STATUS[kind]
  if (status !== undefined) {
    response.writeHead(status, { 'content-type': 'text/plain', 'retry-after': '1' }).end(kind)
    return true
  }
  switch (kind) {
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
      return true
    case 'truncated':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(body.subarray(0, Math.floor(body.length / 2)))
      return true
    case 'stalled':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
      return true
    default:
      return false
  }
}

interface Spoilable {
  readonly station_id: string
  readonly num_bikes_available: number
}

/** The stations as a fault of content publishes them. */
export function spoil<S extends Spoilable>(kind: ReplayFaultKind, stations: readonly S[]): readonly S[] {
  if (kind === 'duplicates') return [...stations, ...stations.filter((_, i) => i % 3 === 0)]
  if (kind === 'conflict')
    return stations.map((station) => ({ ...station, num_bikes_available: station.num_bikes_available + 1 }))
  return stations
}
