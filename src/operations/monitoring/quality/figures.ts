import type { QualityFigures } from '../../../core/contracts/quality.ts'
import { evaluateSaid } from '../../../model/evaluation/said.ts'
import type { Block } from './block.ts'

/** Whether a row of a block counts. */
export type Pick = (block: Block, row: number) => boolean

/** Figures of the rows of some blocks, all of them or those picked. */
export function figuresOf(blocks: readonly Block[], pick?: Pick): QualityFigures {
  const rows = pick ? pickedRows(blocks, pick) : allRows(blocks)
  const e = evaluateSaid(rows)
  return {
    batches: rows.batches,
    samples: e.rows,
    unlabelled: rows.unlabelled,
    positives: e.positives,
    prevalence: e.prevalence,
    pr_auc: e.pr_auc,
    persistence_pr_auc: e.persistence_pr_auc,
    onset_samples: e.onset_rows,
    onset_positives: e.onset_positives,
    onset_prevalence: e.onset_prevalence,
    onset_pr_auc: e.onset_pr_auc,
    persistence_onset_pr_auc: e.persistence_onset_pr_auc,
    brier: e.brier,
    calibration_error: e.calibration_error,
    hit_rate: e.hit_rate,
    precision: e.precision,
    recall: e.recall,
    f1: e.f1,
    persistence_f1: e.persistence_f1,
    ...e.confusion,
  }
}

/** Labelled rows by column, and how many more have no outcome. */
export interface GatheredRows {
  readonly labels: Int8Array
  readonly scores: Float64Array
  readonly counts: Int32Array
  readonly said: Uint8Array
  readonly unlabelled: number
  /** Blocks with a labelled row. */
  readonly batches: number
}

const empty = (rows: number, unlabelled: number, batches: number): GatheredRows => ({
  labels: new Int8Array(rows),
  scores: new Float64Array(rows),
  counts: new Int32Array(rows),
  said: new Uint8Array(rows),
  unlabelled,
  batches,
})

/** All labelled rows of some blocks. */
export function allRows(blocks: readonly Block[]): GatheredRows {
  const rows = empty(
    sum(blocks, ({ labelled }) => labelled),
    sum(blocks, (block) => block.rows - block.labelled),
    sum(blocks, ({ labelled }) => (labelled > 0 ? 1 : 0)),
  )
  let at = 0
  for (const { labelled, labels, scores, counts, said } of blocks) {
    rows.labels.set(labels.subarray(0, labelled), at)
    rows.scores.set(scores.subarray(0, labelled), at)
    rows.counts.set(counts.subarray(0, labelled), at)
    rows.said.set(said.subarray(0, labelled), at)
    at += labelled
  }
  return rows
}

function pickedRows(blocks: readonly Block[], pick: Pick): GatheredRows {
  let [known, unknown, batches] = [0, 0, 0]
  for (const block of blocks) {
    const before = known
    for (let i = 0; i < block.rows; i++)
      if (pick(block, i)) {
        if (i < block.labelled) known++
        else unknown++
      }
    if (known > before) batches++
  }
  const rows = empty(known, unknown, batches)
  let at = 0
  for (const block of blocks)
    for (let i = 0; i < block.labelled; i++) {
      if (!pick(block, i)) continue
      rows.labels[at] = block.labels[i] ?? 0
      rows.scores[at] = block.scores[i] ?? Number.NaN
      rows.counts[at] = block.counts[i] ?? 0
      rows.said[at] = block.said[i] ?? 0
      at++
    }
  return rows
}

const sum = (blocks: readonly Block[], of: (block: Block) => number): number =>
  blocks.reduce((total, block) => total + of(block), 0)
