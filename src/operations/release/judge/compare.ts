import type { EpochSeconds } from '../../../core/time.ts'
import type { BatchEvidence } from './evidence.ts'
import type { JudgedRow } from './judged-rows.ts'
import { pairedEvidence } from './paired-evidence.ts'
import { CellMeans, splitEvidence } from './split-evidence.ts'

/**
 * How much greater than the baseline's the candidate's mean loss may be, as a share of it. The baseline's is what it was on
 * its held-out days, or what it has been since the release began, whichever is more: in calm hours there is hardly any loss,
 * and then a twentieth of it is what two equally good models differ by.
 */
const MARGIN = 0.05

/** The evidence of one batch. */
export interface ComparedBatch extends BatchEvidence {
  readonly slot: EpochSeconds
}

/**
 * Evidence, batch by batch, from rows that were shared out by chance; `usualLoss` is the baseline's on its held-out days. All that a batch is measured by comes from itself and
 * from those before it: what later ones bring changes nothing of it.
 */
export function compareSplit(rows: readonly JudgedRow[], usualLoss: number): ComparedBatch[] {
  const means = new CellMeans()
  const baseline = new MeanLoss()
  return bySlot(rows).flatMap(([slot, batch]) => {
    const usual = Math.max(usualLoss, baseline.value)
    const evidence = splitEvidence(batch, { margin: MARGIN * usual, usualLoss: usual, seed: slot, means })
    baseline.add(batch)
    return evidence ? [{ ...evidence, slot }] : []
  })
}

/** The same from pairs: a shadow scores what the baseline scores. */
export function comparePairs(rows: readonly JudgedRow[], usualLoss: number): ComparedBatch[] {
  const baseline = new MeanLoss()
  const batches = bySlot(rows).flatMap(([slot, batch]) => {
    const margin = MARGIN * Math.max(usualLoss, baseline.value)
    baseline.add(batch)
    const losses = new Map(batch.flatMap((row) => (row.candidate ? [] : [[row.station, row.loss] as const])))
    const pairs = batch.flatMap(({ candidate, station, loss }) => {
      const other = candidate ? losses.get(station) : undefined
      return other === undefined ? [] : [{ candidateLoss: loss, baselineLoss: other }]
    })
    return pairs.length === 0 ? [] : [{ slot, margin, pairs }]
  })
  return pairedEvidence(batches).map((evidence, i) => ({ ...evidence, slot: batches[i]?.slot ?? 0 }))
}

/** The baseline's mean loss over the batches so far. */
class MeanLoss {
  #rows = 0
  #sum = 0

  add(batch: readonly JudgedRow[]): void {
    for (const { candidate, loss } of batch) {
      if (candidate) continue
      this.#rows++
      this.#sum += loss
    }
  }

  get value(): number {
    return this.#rows === 0 ? 0 : this.#sum / this.#rows
  }
}

function bySlot(rows: readonly JudgedRow[]): [EpochSeconds, JudgedRow[]][] {
  const batches = new Map<EpochSeconds, JudgedRow[]>()
  for (const row of rows) {
    const batch = batches.get(row.slot)
    if (batch) batch.push(row)
    else batches.set(row.slot, [row])
  }
  return [...batches.entries()].sort(([a], [b]) => a - b)
}
