import type { ActionDocument } from './action-document.ts'

/** What a mail, or a notice of a topic, has as its subject. */
export function subjectOf({ kind, state, alarm, city }: ActionDocument): string {
  return `${kind === 'test' ? '[test] ' : ''}${state}: ${alarm} (${city})`
}

/** A document for a person, and under it the same for a machine. */
export function textOf(document: ActionDocument): string {
  return [
    `${document.alarm} went from ${document.previous_state} to ${document.state} at ${document.at}.`,
    document.description,
    document.reason,
    ...(document.runbook === null ? [] : [`What to do: ${document.runbook}`]),
    '',
    JSON.stringify(document, null, 2),
    '',
  ].join('\n')
}
