import type { IncidentKind, Refresh, Refreshed } from '../../core/contracts/incident.ts'
import { isoOf } from '../../core/time.ts'

const KINDS: Readonly<Record<IncidentKind, string>> = {
  rollback: 'rollback',
  'silent-rollback': 'silent rollback by the endpoint host',
  alarm: 'alarm',
  'by-hand': 'opened by hand',
}

/** A kind of incident, for people. */
export const textOfKind = (kind: IncidentKind): string => KINDS[kind]

/** What was done about the baselines, and how. */
export function refreshWords({ at }: Refresh): string {
  return `A candidate was rejected: at ${isoOf(at)} the baselines of the models that serve again were refreshed, that is made anew from their held-out days and training rows as the lake has them. The table says what came of each. The alarms' thresholds follow at their next run.`
}

/** The refreshed baselines as rows of a table: endpoint, model, baseline, outcome. */
export function refreshRows({ models }: Refresh): string[][] {
  return models.flatMap(({ endpoint, model_version, baselines }) =>
    baselines.map((one) => [endpoint, model_version, one.baseline, outcome(one)]),
  )
}

function outcome({ before, after, problem }: Refreshed): string {
  if (problem !== null) return `not made, what was there stays: ${problem}`
  if (before === null) return `made for the first time, sha256 ${short(after)}`
  if (before === after) return `the same as before, sha256 ${short(after)}`
  return `changed, sha256 ${short(before)} to ${short(after)}`
}

const short = (digest: string | null): string => digest?.slice(0, 12) ?? '–'
