import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import { SHADOW } from '../../../core/contracts/release.ts'
import { loadSql } from '../../../core/sql.ts'
import { dsOf, HOUR_SECONDS } from '../../../core/time.ts'
import { featureTexts } from '../../../model/prediction/feature-text.ts'
import type { ScoredRange } from '../../../model/prediction/scored-rows.ts'
import type { Platform } from '../../../platform/ports.ts'
import { captureFiles, liveCalls } from '../../monitoring/drift/captures.ts'
import { numberOf } from '../../monitoring/drift/received.ts'

const SENT_SQL = loadSql(import.meta.url, './sent-rows.sql')

/** What a shadow said. */
export interface ShadowAnswers {
  /** Its score by `SLOT/STATION`. */
  readonly scores: ReadonlyMap<string, number>
  /** Answers with something that is no score. */
  readonly invalid: number
}

/**
 * What a shadow said of the slots in `[from, until)`. A shadow never answers; its scores are in its data capture, whose rows
 * are found in the predictions by inference id and features hash.
 */
export async function shadowRows(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  { city, endpoint, from, until }: ScoredRange,
): Promise<ShadowAnswers> {
  const sent = await warehouse.rows<{
    inference_id: string
    features_hash: string
    slot: number
    station_id: string
  }>({
    name: 'sent rows',
    sql: SENT_SQL,
    tables: { predictions: { dataset: 'predictions', city, dsFrom: dsOf(from), dsTo: dsOf(until - 1) } },
    params: { endpoint, from, until },
  })
  const rowOf = new Map(
    sent.map((row) => [`${row.inference_id} ${row.features_hash}`, `${row.slot}/${row.station_id}`]),
  )
  const scores = new Map<string, number>()
  let invalid = 0
  const width = FEATURE_NAMES.length
  const first = Math.floor(from / HOUR_SECONDS) * HOUR_SECONDS + HOUR_SECONDS
  for (let end = first; end - HOUR_SECONDS < until; end += HOUR_SECONDS) {
    const { keys } = await captureFiles(store, endpoint, [SHADOW], end)
    for await (const call of liveCalls(store, keys, { lines: 0 })) {
      const values = new Float32Array(call.lines.length * width)
      for (const [i, line] of call.lines.entries())
        values.set(
          line.split(',', width).map((field) => numberOf(field)),
          i * width,
        )
      const texts = featureTexts(values)
      for (const [i, score] of call.scores.entries()) {
        const row = i < call.lines.length ? rowOf.get(`${call.inferenceId} ${texts.hash(i)}`) : undefined
        if (row !== undefined && isScore(score)) scores.set(row, score)
      }
      const ours = call.slot !== undefined && call.slot >= from && call.slot < until
      if (ours && (call.scores.length !== call.lines.length || !call.scores.every(isScore))) invalid++
    }
  }
  return { scores, invalid }
}

const isScore = (score: number): boolean => score >= 0 && score <= 1
