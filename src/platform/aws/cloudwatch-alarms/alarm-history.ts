import type { AlarmHistoryItem as AwsItem } from '@aws-sdk/client-cloudwatch'
import { z } from 'zod'
import type { AlarmHistoryItem } from '../../../core/contracts/cloudwatch.ts'
import { secondsAfter } from '../cloudwatch-shapes.ts'

const stateSchema = z.object({
  stateValue: z.string(),
  stateReason: z.string().optional(),
  stateReasonData: z
    .object({
      evaluatedDatapoints: z
        .array(z.object({ timestamp: z.string(), value: z.number().nullish() }))
        .optional(),
      threshold: z.number().optional(),
    })
    .optional(),
})
/** HistoryData of a StateUpdate, as CloudWatch writes it. */
const updateSchema = z.object({ oldState: stateSchema, newState: stateSchema })

const TYPES = new Set(['StateUpdate', 'ConfigurationUpdate', 'Action'])

/** A line of CloudWatch's history as the port's; undefined for a kind that the port does not know. */
export function historyItem(item: AwsItem): AlarmHistoryItem | undefined {
  const type = item.HistoryItemType ?? ''
  if (!isKnown(type)) return undefined
  const data = jsonOf(item.HistoryData ?? '')
  return {
    AlarmName: item.AlarmName ?? '',
    Timestamp: secondsAfter(item.Timestamp),
    HistoryItemType: type,
    HistorySummary: item.HistorySummary ?? '',
    HistoryData: type === 'StateUpdate' ? stateUpdate(data) : data,
  }
}

function stateUpdate(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const parsed = updateSchema.safeParse(data)
  if (!parsed.success) return data
  const { oldState, newState } = parsed.data
  const { evaluatedDatapoints, threshold } = newState.stateReasonData ?? {}
  return {
    from: oldState.stateValue,
    to: newState.stateValue,
    reason: newState.stateReason ?? '',
    ...(evaluatedDatapoints && {
      datapoints: evaluatedDatapoints.map(({ timestamp, value }) => ({
        t: Math.floor(Date.parse(timestamp) / 1000),
        value: value ?? null,
      })),
    }),
    ...(threshold !== undefined && { threshold }),
  }
}

function isKnown(type: string): type is AlarmHistoryItem['HistoryItemType'] {
  return TYPES.has(type)
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
