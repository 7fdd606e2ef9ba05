import { readFile } from 'node:fs/promises'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { dsOf, type EpochSeconds } from '../../../core/time.ts'
import { parseInformation, parseStatus } from '../../gbfs/normalise.ts'
import { maybeGunzip } from '../gzip.ts'
import type { InformationVersion } from '../information-versions.ts'
import { isWithin, type RecordedSnapshot, type StatusSource, type TimeRange } from './recording.ts'

/** GBFS documents as files, .json or .json.gz. NOT_FOUND and BAD_INPUT name the file. */
async function readDocument(path: string): Promise<Uint8Array> {
  try {
    return maybeGunzip(await readFile(path), path)
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(
      'NOT_FOUND',
      `${path} cannot be read: ${messageOf(error)}`,
      'Check the path.',
      error,
    )
  }
}

/** Status in GBFS files of any version, one snapshot a file. */
export function openStatusFiles(paths: readonly string[]): StatusSource {
  let times: Promise<readonly { path: string; time: EpochSeconds }[]> | undefined
  const inOrder = async (range: TimeRange): Promise<readonly { path: string; time: EpochSeconds }[]> => {
    times ??= timesOf(paths)
    return (await times).filter(({ time }) => isWithin(time, range))
  }
  return {
    name: paths.length === 1 ? (paths[0] ?? '') : `${paths.length} GBFS files`,
    span: async () => {
      const all = await inOrder({})
      const [first, last] = [all[0]?.time, all.at(-1)?.time]
      return first === undefined || last === undefined ? undefined : { first, last }
    },
    size: async (range) => (await inOrder(range)).length,
    days: async function* (range, onProgress) {
      let ds: string | undefined
      let snapshots: RecordedSnapshot[] = []
      let done = 0
      for (const { path, time } of await inOrder(range)) {
        if (ds !== undefined && ds !== dsOf(time)) {
          yield { ds, snapshots }
          snapshots = []
        }
        ds = dsOf(time)
        const snapshot = parseStatus(await readDocument(path), path)
        snapshots.push({ snapshot, body: () => readDocument(path) })
        onProgress(++done)
      }
      if (ds !== undefined) yield { ds, snapshots }
    },
  }
}

/** Files are told apart by day before they are read in order, so that only a day need be in memory. */
async function timesOf(paths: readonly string[]): Promise<{ path: string; time: EpochSeconds }[]> {
  const times: { path: string; time: EpochSeconds }[] = []
  for (const path of [...paths].sort()) {
    times.push({ path, time: parseStatus(await readDocument(path), path).last_updated })
  }
  return times.sort((a, b) => a.time - b.time)
}

/** Information in GBFS files of any version; each says what holds from its last_updated on. */
export async function readInformationFiles(paths: readonly string[]): Promise<InformationVersion[]> {
  const versions: InformationVersion[] = []
  for (const path of paths) {
    const { last_updated, stations } = parseInformation(await readDocument(path), path)
    for (const station of stations) versions.push({ ...station, valid_from: last_updated })
  }
  return versions
}
