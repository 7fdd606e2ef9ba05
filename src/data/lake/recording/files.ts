import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Warehouse } from '../../../platform/ports.ts'
import type { InformationVersion } from '../information-versions.ts'
import { openStatusFiles, readInformationFiles } from './gbfs-files.ts'
import { readInformationTable } from './information-table.ts'
import type { RecordedFile, Recording, StatusSource } from './recording.ts'
import { openStatusTable } from './status-table.ts'
import { readWeatherFile } from './weather-files.ts'

/** Paths of a recording's parts; a folder stands for the .json and .json.gz files in it. */
export interface RecordingPaths {
  readonly status: readonly string[]
  readonly information: readonly string[]
  readonly weather?: readonly string[]
}

/** Opens a recording in files. NOT_FOUND for a path that is none, BAD_INPUT for a kind of file that is none of the known. */
export async function openRecording(
  warehouse: Warehouse,
  paths: RecordingPaths,
  report: Reporter,
): Promise<Recording> {
  const status = await sortPaths(paths.status)
  const information = await sortPaths(paths.information)
  const weather = paths.weather ?? []
  const all = [
    ...status.tables,
    ...status.documents,
    ...information.tables,
    ...information.documents,
    ...weather,
  ]
  const files: RecordedFile[] = []
  for (const path of all) files.push(await describe(path))
  return {
    files,
    status: statusSources(warehouse, status),
    information: async () => {
      const versions: InformationVersion[] = await readInformationFiles(information.documents)
      for (const path of information.tables)
        for (const version of await readInformationTable(warehouse, path, report)) versions.push(version)
      return versions
    },
    weather: async function* () {
      for (const path of weather) yield* readWeatherFile(warehouse, path, report)
    },
  }
}

/** The status of a recording in files. Errors as of `openRecording`. */
export async function openStatus(warehouse: Warehouse, paths: readonly string[]): Promise<StatusSource[]> {
  return statusSources(warehouse, await sortPaths(paths))
}

function statusSources(warehouse: Warehouse, sorted: Sorted): StatusSource[] {
  const tables = sorted.tables.map((path) => openStatusTable(warehouse, path))
  return sorted.documents.length > 0 ? [...tables, openStatusFiles(sorted.documents)] : tables
}

interface Sorted {
  readonly tables: string[]
  readonly documents: string[]
}

async function sortPaths(paths: readonly string[]): Promise<Sorted> {
  const sorted: Sorted = { tables: [], documents: [] }
  for (const path of paths) {
    if ((await statOf(path)).isDirectory()) {
      const names = (await readdir(path)).filter((name) => isDocument(name)).sort()
      if (names.length === 0) throw unknownKind(path, 'is a folder without .json or .json.gz files')
      sorted.documents.push(...names.map((name) => join(path, name)))
    } else if (/\.(parquet|csv|csv\.gz)$/.test(path)) sorted.tables.push(path)
    else if (isDocument(path)) sorted.documents.push(path)
    else throw unknownKind(path, 'is no kind of recording that is known')
  }
  return sorted
}

const isDocument = (name: string): boolean => /\.json(\.gz)?$/.test(name)

function unknownKind(path: string, what: string): OperatorError {
  return new OperatorError(
    'BAD_INPUT',
    `${path} ${what}`,
    'Give .parquet, .csv or .csv.gz tables, GBFS documents as .json or .json.gz, or a folder of those.',
  )
}

async function statOf(path: string): ReturnType<typeof stat> {
  try {
    return await stat(path)
  } catch (error) {
    throw new OperatorError(
      'NOT_FOUND',
      `${path} cannot be opened: ${messageOf(error)}`,
      'Check the path.',
      error,
    )
  }
}

async function describe(path: string): Promise<RecordedFile> {
  const bytes = Number((await statOf(path)).size)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return { name: basename(path), bytes, sha256: hash.digest('hex') }
}
