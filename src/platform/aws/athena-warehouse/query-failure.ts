import { OperatorError } from '../../../core/errors.ts'

/** How a query ended that did not succeed. */
export interface FailedQuery {
  readonly id: string
  readonly state: string
  /** Athena's reason, which begins with the name of the error where there is one. */
  readonly reason: string
}

const LIMIT = /bytes scanned limit/i
/** A file that does not read, or not as the table says. */
const FILE =
  /^(HIVE_BAD_DATA|HIVE_CURSOR_ERROR|HIVE_CANNOT_OPEN_SPLIT|HIVE_FILESYSTEM_ERROR|HIVE_PARTITION_SCHEMA_MISMATCH|GENERIC_INTERNAL_ERROR)/
const VALUE = /^(INVALID_CAST_ARGUMENT|NUMERIC_VALUE_OUT_OF_RANGE|DIVISION_BY_ZERO|INVALID_FUNCTION_ARGUMENT)/
const ROOM =
  /^(EXCEEDED_\w*LIMIT|CLUSTER_OUT_OF_MEMORY|EXHAUSTED_RESOURCES|QUERY_QUEUE_FULL|TOO_MANY_)|Query exhausted resources/i
const DENIED = /access ?denied|PERMISSION_DENIED|not authorized/i

/** True when a file of the lake may be what the query failed on. */
export const mayBeFile = ({ reason }: FailedQuery): boolean => FILE.test(reason)

/** A query's failure as the operator should see it; what only a wrong statement can cause stays a plain error: a bug. */
export function queryFailure({ id, state, reason }: FailedQuery, statement: string): Error {
  const text = `statement "${statement}" failed: ${reason || state} (Athena query ${id})`
  if (LIMIT.test(reason))
    return new OperatorError(
      'CHECK_FAILED',
      text,
      "Ask for fewer days, or raise the workgroup's limit of bytes scanned by a query.",
    )
  if (DENIED.test(reason))
    return new OperatorError(
      'CONFIG',
      text,
      'Allow the role to read the lake (s3:GetObject, s3:ListBucket) and its tables (glue:GetTable), and to write results.',
    )
  if (state === 'CANCELLED')
    return new OperatorError('CANCELLED', text, 'Somebody stopped the query: run it again.')
  if (ROOM.test(reason))
    return new OperatorError('UNAVAILABLE', text, 'Work on fewer days at a time, or try again later.')
  if (VALUE.test(reason))
    return new OperatorError('BAD_INPUT', text, 'A value does not fit the type it is read as.')
  if (FILE.test(reason))
    return new OperatorError('UNAVAILABLE', text, 'Try again; if it stays, look the query up in Athena.')
  return new Error(text)
}
