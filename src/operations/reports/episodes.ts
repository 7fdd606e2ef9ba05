import { BATCH_SECONDS, HORIZON_SECONDS, type EpochSeconds } from '../../core/time.ts'

/** A prediction of a station that still had more than two: it ran short, or was warned of. Of one station, by slot. */
export interface OnsetRow {
  readonly station_id: string
  readonly slot: EpochSeconds
  readonly label: number
  readonly stockout: boolean
}

/** What became of one station: predictions of it that belong together. */
export interface Episode {
  readonly station_id: string
  /** `caught`: it ran short and was warned of before. `missed`: not warned of. `false`: warned of, and did not run short. */
  readonly kind: 'caught' | 'missed' | 'false'
  /** When it was first said or, missed, when it could have been: the first slot. */
  readonly first: EpochSeconds
  /** First moment at which it was known to be short; null for a false warning. */
  readonly short_at: EpochSeconds | null
  /** Minutes from the first warning to that moment; null unless caught. */
  readonly lead_minutes: number | null
  readonly predictions: number
}

/** Predictions further apart than this are about something else, seconds: a warning reaches half an hour. */
const APART = HORIZON_SECONDS + BATCH_SECONDS

/**
 * Groups rows, ordered by station and slot, into episodes. A prediction of slot s is about s + 30 min, so that warnings and
 * the stock-out that they were about lie within 40 minutes of each other.
 */
export function episodesOf(rows: readonly OnsetRow[]): Episode[] {
  const episodes: Episode[] = []
  let open: OnsetRow[] = []
  const close = (): void => {
    if (open.length > 0) episodes.push(judge(open))
    open = []
  }
  for (const row of rows) {
    const last = open.at(-1)
    if (last && (last.station_id !== row.station_id || row.slot - last.slot > APART)) close()
    open.push(row)
  }
  close()
  return episodes
}

function judge(rows: readonly OnsetRow[]): Episode {
  const [first] = rows
  const short = rows.find(({ label }) => label === 1)
  // The first row said to come true, s + 30 min, is when it was seen short; the station had more than two at s.
  const shortAt = short === undefined ? null : short.slot + HORIZON_SECONDS
  const warned = rows.find(({ stockout, slot }) => stockout && (shortAt === null || slot < shortAt))
  const kind = shortAt === null ? 'false' : warned ? 'caught' : 'missed'
  return {
    station_id: first?.station_id ?? '',
    kind,
    first: (kind === 'missed' ? short?.slot : warned?.slot) ?? first?.slot ?? 0,
    short_at: shortAt,
    lead_minutes: kind === 'caught' && warned && shortAt !== null ? (shortAt - warned.slot) / 60 : null,
    predictions: rows.length,
  }
}
