import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** Clients that others wrote, by what they call themselves; aws-cli is built on botocore as boto3 is, and says so as well. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/aws-cli\//i, 'aws-cli'],
  [/boto3\//i, 'boto3'],
]

/** Notes for the table of calls (see note-calls.mjs) what a client asked that is not the SDK, in whose process nobody looks. */
export function noteOthers(service: string, operation: string, userAgent: string | undefined): void {
  const folder = process.env['AWS_CALLS_FOLDER']
  const caller = OTHERS.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
  if (folder === undefined || caller === undefined) return
  appendFileSync(join(folder, `others-${process.pid}.txt`), `${service} ${operation} ${caller} own\n`)
}
