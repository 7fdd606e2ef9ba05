import type { Column, Warehouse, WrittenFile } from '../../platform/ports.ts'
import { simulateCity, type SimulationOptions } from './simulate.ts'

/** Where the recording of a simulation goes. All keys end in `.parquet`. */
export interface SimulationKeys {
  /** One file a day: `a/status.parquet` makes `a/status-2024-09-02.parquet`, … */
  readonly status: string
  readonly information: string
  readonly weather: string
}

/** What was written. */
export interface WrittenSimulation {
  /** One file a day, oldest first. */
  readonly status: readonly WrittenFile[]
  readonly information: WrittenFile
  readonly weather: WrittenFile
  readonly snapshots: number
  readonly statusRows: number
  readonly trips: number
}

/**
 * Writes a simulation as a recording, in Parquet: the columns of a recording, times as epoch seconds, weather in the
 * lake's own columns. The same options write the same bytes. Errors as of simulateCity.
 */
export async function writeSimulation(
  warehouse: Warehouse,
  options: SimulationOptions & SimulationKeys,
): Promise<WrittenSimulation> {
  const days = simulateCity(options)
  const status: WrittenFile[] = []
  const information: (readonly Column[])[] = []
  const weather: (readonly Column[])[] = []
  let snapshots = 0
  let statusRows = 0
  for (;;) {
    const next = days.next()
    if (next.done === true) {
      return {
        status,
        information: await warehouse.writeRows(options.information, joined(information)),
        weather: await warehouse.writeRows(options.weather, joined(weather)),
        snapshots,
        statusRows,
        trips: next.value.state.counters.trips,
      }
    }
    const day = next.value
    status.push(await warehouse.writeRows(dayKeyOf(options.status, day.ds), day.status))
    information.push(day.information)
    weather.push(day.weather)
    snapshots += day.snapshots
    statusRows += day.statusRows
  }
}

function dayKeyOf(key: string, ds: string): string {
  return key.endsWith('.parquet')
    ? `${key.slice(0, -'.parquet'.length)}-${ds}.parquet`
    : `${key}-${ds}.parquet`
}

/** The parts one below the other. */
function joined(parts: readonly (readonly Column[])[]): Column[] {
  return (parts[0] ?? []).map((column, c) => ({
    name: column.name,
    type: column.type,
    values: parts.flatMap((part) => Array.from(part[c]?.values ?? [])),
  }))
}
