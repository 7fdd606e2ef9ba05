import { z } from 'zod'
import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import type { EpochSeconds } from '../../../core/time.ts'

/** A captured request as it concerns drift. */
export interface CapturedCall {
  readonly inferenceId: string | undefined
  readonly at: EpochSeconds
  /** The slot predicted from, as our own inference ids tell it; else undefined. */
  readonly slot: EpochSeconds | undefined
  /** One text/csv line a row. */
  readonly lines: readonly string[]
  /** What was answered, a score a row; NaN where it cannot be read. */
  readonly scores: readonly number[]
}

const sideSchema = z.object({ data: z.string(), encoding: z.string() })
const lineSchema = z.object({
  captureData: z.object({ endpointInput: sideSchema, endpointOutput: sideSchema.optional() }),
  eventMetadata: z.object({ inferenceId: z.string().optional(), inferenceTime: z.string() }),
})
const dataframeSchema = z.object({
  dataframe_split: z.object({
    columns: z.array(z.string()).optional(),
    data: z.array(z.array(z.number().nullable())),
  }),
})
const predictionsSchema = z.object({ predictions: z.array(z.object({ score: z.number() })) })

/**
 * Reads a line of a capture file; undefined when it is torn or no captured request. Requests in CSV and in JSON
 * (dataframe_split) are read; rows of any other form are none.
 */
export function readCall(line: string): CapturedCall | undefined {
  let parsed
  try {
    parsed = lineSchema.safeParse(JSON.parse(line))
  } catch {
    return undefined
  }
  if (!parsed.success) return undefined
  const { captureData, eventMetadata } = parsed.data
  const at = Date.parse(eventMetadata.inferenceTime) / 1000
  if (Number.isNaN(at)) return undefined
  return {
    inferenceId: eventMetadata.inferenceId,
    at,
    slot: slotOf(eventMetadata.inferenceId),
    lines: linesOf(captureData.endpointInput),
    scores: captureData.endpointOutput ? scoresOf(captureData.endpointOutput) : [],
  }
}

/** `1a2b3c4d-20230403T001000Z-0-07` */
const OUR_ID = /^[0-9a-f]{8}-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-\d+-\d+$/

function slotOf(inferenceId: string | undefined): EpochSeconds | undefined {
  const part = OUR_ID.exec(inferenceId ?? '')
  if (!part) return undefined
  const [, year, month, day, hour, minute, second] = part
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(ms) ? undefined : ms / 1000
}

function linesOf({ data, encoding }: z.infer<typeof sideSchema>): string[] {
  if (encoding === 'CSV') return data.split(/\r?\n/).filter((line) => line !== '')
  if (encoding !== 'JSON') return []
  const frame = dataframeSchema.safeParse(jsonOf(data))
  if (!frame.success) return []
  const { columns = FEATURE_NAMES, data: rows } = frame.data.dataframe_split
  const places = FEATURE_NAMES.map((name) => columns.indexOf(name))
  return rows.map((row) => places.map((place) => row[place] ?? '').join(','))
}

function scoresOf({ data, encoding }: z.infer<typeof sideSchema>): number[] {
  if (encoding === 'CSV')
    return data
      .trim()
      .split(/[\s,]+/)
      .map((text) => (text === '' ? Number.NaN : Number(text)))
  const answer = encoding === 'JSON' ? predictionsSchema.safeParse(jsonOf(data)) : undefined
  return answer?.success ? answer.data.predictions.map(({ score }) => score) : []
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
