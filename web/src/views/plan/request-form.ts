import { wholeNumber } from '../releases/strategy-form.ts'
import type { PlanRequest } from './plan-types.ts'

/** Fields of the form, with the least and the most that each takes. */
export const REQUEST_FIELDS = {
  trucks: { low: 1, high: 100 },
  capacity: { low: 1, high: 200 },
  shift_minutes: { low: 1, high: 1440 },
  horizon_minutes: { low: 30, high: 1440 },
  time_limit_seconds: { low: 1, high: 60 },
} as const
export type RequestField = keyof typeof REQUEST_FIELDS
export const REQUEST_FIELD_NAMES = Object.keys(REQUEST_FIELDS) as readonly RequestField[]

/** What stands in the fields, as typed; an empty one is as configured. */
export type RequestForm = Readonly<Record<RequestField, string>>

export const EMPTY_REQUEST: RequestForm = {
  trucks: '',
  capacity: '',
  shift_minutes: '',
  horizon_minutes: '',
  time_limit_seconds: '',
}

/** Reads the form: what is asked for, or the fields that cannot be used. */
export function readRequest(
  form: RequestForm,
): { readonly request: PlanRequest } | { readonly wrong: ReadonlySet<RequestField> } {
  const given = REQUEST_FIELD_NAMES.filter((field) => form[field].trim() !== '')
  const read = given.map((field) => {
    const { low, high } = REQUEST_FIELDS[field]
    return [field, wholeNumber(form[field], low, high)] as const
  })
  const wrong = new Set(read.filter(([, value]) => value === undefined).map(([field]) => field))
  return wrong.size > 0 ? { wrong } : { request: Object.fromEntries(read) }
}
