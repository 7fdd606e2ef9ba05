import { OperatorError } from '../../../core/errors.ts'
import type { Warehouse } from '../../../platform/ports.ts'
import type { LakeParts } from '../publish.ts'
import { openStatus } from './files.ts'
import { openLakeStatus } from './lake-recording.ts'
import { joinSpans, type Span } from './recording.ts'

/** From when to when a recording goes, read before anything of it is imported. BAD_INPUT when it has no snapshot. */
export async function recordingSpan(
  warehouse: Warehouse,
  recording: { readonly status: readonly string[] } | { readonly lake: LakeParts; readonly city: string },
): Promise<Span> {
  const sources =
    'lake' in recording
      ? [openLakeStatus(recording.lake, recording.city)]
      : await openStatus(warehouse, recording.status)
  let span: Span | undefined
  for (const source of sources) span = joinSpans(span, await source.span())
  if (span !== undefined) return span
  const names = sources.map(({ name }) => name).join(', ') || 'the recording'
  throw new OperatorError('BAD_INPUT', `${names} holds no snapshot`, 'Give a recording of status.')
}
