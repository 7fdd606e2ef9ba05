import type { QuarantinedStation } from '../../core/contracts/station.ts'

/**
 * Judges every record and lets one station stay per id: the one with the highest `newness`. The others are set aside as
 * duplicates. Both lists come ordered by station_id (UTF-16 units) and do not depend on the order of the records.
 */
export function collect<R, S extends { readonly station_id: string }>(
  records: Iterable<R>,
  judge: (record: R) => S | QuarantinedStation,
  newness: (station: S) => number,
): { stations: S[]; quarantined: QuarantinedStation[] } {
  const kept = new Map<string, S>()
  const quarantined: QuarantinedStation[] = []
  for (const record of records) {
    const judged = judge(record)
    if ('reason' in judged) {
      quarantined.push(judged)
      continue
    }
    const other = kept.get(judged.station_id)
    if (other === undefined) {
      kept.set(judged.station_id, judged)
      continue
    }
    const [winner, loser] = isNewer(judged, other, newness) ? [judged, other] : [other, judged]
    kept.set(judged.station_id, winner)
    const detail = newness(loser) === 0 ? 'listed twice' : `listed twice, last_reported ${newness(loser)}`
    quarantined.push({ station_id: loser.station_id, reason: 'duplicate_station_id', detail })
  }
  return { stations: [...kept.values()].sort(byId), quarantined: quarantined.sort(byIdAndReason) }
}

/** Equal times are told apart by content, so that a feed that lists its stations in another order gives the same result. */
function isNewer<S>(a: S, b: S, newness: (station: S) => number): boolean {
  const difference = newness(a) - newness(b)
  return difference === 0 ? JSON.stringify(a) < JSON.stringify(b) : difference > 0
}

function byId(a: { station_id: string }, b: { station_id: string }): number {
  return a.station_id < b.station_id ? -1 : a.station_id > b.station_id ? 1 : 0
}

function byIdAndReason(a: QuarantinedStation, b: QuarantinedStation): number {
  const ka = `${a.reason}\n${a.detail}`
  const kb = `${b.reason}\n${b.detail}`
  return byId(a, b) || (ka < kb ? -1 : ka > kb ? 1 : 0)
}
