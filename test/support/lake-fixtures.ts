import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { StationInformation, StationStatus } from '../../src/core/contracts/station.ts'
import type { EpochSeconds } from '../../src/core/time.ts'
import { toGbfs, type GbfsVersion } from '../../src/data/gbfs/serialise.ts'
import type { ObjectStore, Warehouse } from '../../src/platform/ports.ts'

/** 2024-03-12T00:00:00Z, the day of most lake tests. */
export const DAY: EpochSeconds = 1_710_201_600
const STATIONS = 12

/** A made-up city's stations at a time: the same time gives the same, `shift` another content. */
export function stationsAt(time: EpochSeconds, shift = 0, count = STATIONS): StationStatus[] {
  return Array.from({ length: count }, (_, i) => ({
    station_id: `s${String(i).padStart(3, '0')}`,
    num_bikes_available: (Math.floor(time / 60) + i * 7 + shift) % 20,
    num_docks_available: 20 - ((Math.floor(time / 60) + i * 7 + shift) % 20),
    num_bikes_disabled: i % 3 === 0 ? null : 1,
    num_docks_disabled: 0,
    num_ebikes_available: null,
    is_installed: true,
    is_renting: i !== 5,
    is_returning: true,
    last_reported: time - 30 - i,
  }))
}

/** The same city's information; `capacity` tells versions apart. */
export function informationOf(capacity = 21, count = STATIONS): StationInformation[] {
  return Array.from({ length: count }, (_, i) => ({
    station_id: `s${String(i).padStart(3, '0')}`,
    name: `Station ${i}`,
    short_name: null,
    lat: 40.7 + i / 1000,
    lon: -74 + i / 1000,
    capacity,
    region_id: null,
  }))
}

/** A station_status document. */
export function statusBody(
  time: EpochSeconds,
  o: { stations?: readonly StationStatus[]; version?: GbfsVersion } = {},
): Uint8Array {
  const snapshot = { last_updated: time, ttl: 60, stations: o.stations ?? stationsAt(time) }
  return toGbfs(o.version ?? '2.3', { kind: 'station_status', snapshot })
}

/** A station_information document. */
export function informationBody(
  time: EpochSeconds,
  o: { stations?: readonly StationInformation[]; version?: GbfsVersion } = {},
): Uint8Array {
  const snapshot = { last_updated: time, ttl: 60, stations: o.stations ?? informationOf() }
  return toGbfs(o.version ?? '2.3', { kind: 'station_information', snapshot })
}

/** A system_information document. */
export function systemBody(timezone = 'America/New_York', version: GbfsVersion = '2.3'): Uint8Array {
  const system = { system_id: 'test', name: 'Test Bikes', timezone }
  return toGbfs(version, { kind: 'system_information', last_updated: DAY, ttl: 60, system })
}

/** Hash of every file below a folder by its path, temporary ones left out, and those that `skip` matches. */
export async function filesBelow(root: string, skip?: RegExp): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files: Record<string, string> = {}
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const key = relative(root, path)
    if (key.startsWith('.tmp/') || skip?.test(key)) continue
    files[key] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The process dies here. */
export class Crash extends Error {}

/**
 * A platform that dies before its write number `at` (from 0), and at every one after it: what was written before is there,
 * nothing after.
 */
export function crashingAt<P extends { readonly store: ObjectStore; readonly warehouse: Warehouse }>(
  platform: P,
  at: number,
): P & { readonly writes: () => number } {
  let writes = 0
  const step = (): void => {
    if (writes++ >= at) throw new Crash(`write ${at}`)
  }
  const { store, warehouse } = platform
  return {
    ...platform,
    writes: () => writes,
    store: {
      ...store,
      put: async (key, body, options) => {
        step()
        return store.put(key, body, options)
      },
      delete: async (key) => {
        step()
        return store.delete(key)
      },
    },
    warehouse: {
      ...warehouse,
      write: async (statement, key) => {
        step()
        return warehouse.write(statement, key)
      },
      writeRows: async (key, columns) => {
        step()
        return warehouse.writeRows(key, columns)
      },
    },
  }
}
