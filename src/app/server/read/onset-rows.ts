import { STOCKOUT_AT_MOST } from '../../../core/contracts/features.ts'
import { dayFloor, type EpochSeconds } from '../../../core/time.ts'
import type { OnsetRows } from '../../../operations/release/gate/onset-order.ts'
import type { CitySource } from '../city-source.ts'
import { visitJudged, type JudgedRange } from './judged.ts'
import { cacheOf } from './read-cache.ts'

/** The onset rows that the gate judges, as it would read them from the lake. */
export async function onsetRowsOf(source: CitySource, range: JudgedRange): Promise<OnsetRows> {
  const clusters: number[] = []
  const labels: number[] = []
  const scores: number[] = []
  const counts: number[] = []
  let number = 0
  let day: EpochSeconds | undefined
  let clusterOf: Int32Array = new Int32Array()
  await visitJudged(source, range, (batch, row, happened) => {
    const count = batch.count[row] ?? 0
    if (count <= STOCKOUT_AT_MOST) return
    if (day !== dayFloor(batch.slot)) {
      day = dayFloor(batch.slot)
      clusterOf = new Int32Array(cacheOf(source).stations.size).fill(-1)
    }
    const station = batch.stations[row] ?? 0
    if (clusterOf[station] === -1) clusterOf[station] = number++
    clusters.push(clusterOf[station] ?? 0)
    labels.push(happened ? 1 : 0)
    scores.push(batch.score[row] ?? Number.NaN)
    counts.push(count)
  })
  return {
    clusters: Int32Array.from(clusters),
    labels: Uint8Array.from(labels),
    scores: Float64Array.from(scores),
    counts: Int32Array.from(counts),
  }
}
