import type { ScoreCell } from '../../../model/explanation/score-cells.ts'
import type { CitySource } from '../city-source.ts'
import { visitJudged, type JudgedRange } from './judged.ts'

/** Outcomes by model version and thousandth of the score, as they would be counted in the lake. */
export async function cellsOf(source: CitySource, range: JudgedRange): Promise<ScoreCell[]> {
  const byVersion = new Map<string, Map<number, ScoreCell>>()
  await visitJudged(source, range, (batch, row, happened) => {
    const score = batch.score[row] ?? Number.NaN
    const model_version = batch.makers[batch.maker[row] ?? 0]?.model_version ?? ''
    let cells = byVersion.get(model_version)
    if (!cells) byVersion.set(model_version, (cells = new Map<number, ScoreCell>()))
    const cell = Math.floor(score * 1000)
    const before = cells.get(cell)
    cells.set(cell, {
      model_version,
      cell,
      up_to: Math.max(score, before?.up_to ?? 0),
      samples: (before?.samples ?? 0) + 1,
      positives: (before?.positives ?? 0) + (happened ? 1 : 0),
      first_slot: before?.first_slot ?? batch.slot,
      last_slot: batch.slot,
    })
  })
  return [...byVersion.values()].flatMap((cells) => [...cells.values()])
}
