import { HORIZON_SECONDS, HOUR_SECONDS } from '../../src/core/time.ts'
import { evenParts, shuffled } from '../../src/model/prediction/shuffle.ts'
import { comparePairs, compareSplit, type ComparedBatch } from '../../src/operations/release/judge/compare.ts'
import { evidenceOf } from '../../src/operations/release/judge/evidence.ts'
import { cellOf, type JudgedRow } from '../../src/operations/release/judge/judged-rows.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import type { ScoredSlot } from './scored-city.ts'

/** A release as chance might have it: who is compared with whom, and how traffic is shared. */
export interface DrawnRelease {
  readonly baseline: string
  readonly candidate: string
  /** The candidate's share; a shadow has copies of all. */
  readonly share: number | 'shadow'
  readonly seed: number
  /** The baseline's on its held-out days. */
  readonly usualLoss: number
  /** Stations of a request; as many as prediction takes by default. */
  readonly requestSize?: number
}

/** What came of it. */
export interface DrawnOutcome {
  /** The candidate was said to be worse. */
  readonly worse: boolean
  /** From its first batch until that could be known. */
  readonly hours: number | undefined
  readonly greatest: number
}

/** Requests of a batch, at least, while traffic is shared (see prediction). */
const SPLIT_REQUESTS = 20
const STATIONS_A_REQUEST = 100

/** Judges a release over the given slots by the code that judges real ones, after every batch. */
export function drawRelease(slots: readonly ScoredSlot[], o: DrawnRelease): DrawnOutcome {
  const random = seededRandom(o.seed)
  const rows = slots.flatMap((slot) =>
    o.share === 'shadow' ? pairedRows(slot, o) : splitRows(slot, o, o.share, random),
  )
  const batches: ComparedBatch[] = (o.share === 'shadow' ? comparePairs : compareSplit)(rows, o.usualLoss)
  const { worse, greatest } = evidenceOf(batches)
  const first = slots[0]?.slot ?? 0
  const needed = worse ? batches.findIndex((_, i) => evidenceOf(batches.slice(0, i + 1)).worse) : -1
  const slot = batches[needed]?.slot
  const hours = slot === undefined ? undefined : (slot + HORIZON_SECONDS - first) / HOUR_SECONDS
  return { worse, hours, greatest }
}

function rowOf(slot: ScoredSlot, i: number, model: string, candidate: boolean): JudgedRow {
  const label = slot.labels[i] ?? 0
  const count = slot.counts[i] ?? 0
  const score = slot.scores[model]?.[i] ?? Number.NaN
  return {
    slot: slot.slot,
    station: slot.stations[i] ?? '',
    score,
    label,
    count,
    cell: cellOf(count, label),
    loss: (score - label) ** 2,
    candidate,
  }
}

const pairedRows = (slot: ScoredSlot, o: DrawnRelease): JudgedRow[] =>
  slot.stations.flatMap((_, i) => [rowOf(slot, i, o.baseline, false), rowOf(slot, i, o.candidate, true)])

function splitRows(slot: ScoredSlot, o: DrawnRelease, share: number, random: () => number): JudgedRow[] {
  const order = shuffled([...slot.stations.keys()], Math.floor(random() * 2 ** 32))
  const size = o.requestSize ?? Math.min(STATIONS_A_REQUEST, Math.ceil(order.length / SPLIT_REQUESTS))
  return evenParts(order, size).flatMap((request) => {
    const candidate = random() < share
    return request.map((i) => rowOf(slot, i, candidate ? o.candidate : o.baseline, candidate))
  })
}
