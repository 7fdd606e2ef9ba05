import type { IncidentKind } from '../../core/contracts/incident.ts'
import type { Release } from '../../core/contracts/release.ts'
import { BY_ITSELF, SAYS_NOTHING } from '../release/apply-step.ts'

/** The incident that a release is: undefined for one that is under way, or went as it should. */
export function incidentOf(
  release: Release,
): { readonly kind: IncidentKind; readonly title: string; readonly why: string } | undefined {
  const { kind, phase, by, why } = release
  const names = release.endpoints.map(({ endpoint }) => endpoint).join(' and ')
  const versions = [...new Set(release.endpoints.map(({ candidate }) => candidate.model_version))].join(
    ' and ',
  )
  const reason = release.reason ?? 'no reason is recorded'
  if (kind === 'rollback' && phase === 'done')
    return {
      kind: 'rollback',
      title: `${names}: rolled back to ${versions} by ${by}`,
      why: why === '' ? 'no reason was given' : why,
    }
  if (phase !== 'rolled_back' && phase !== 'failed') return undefined
  if (reason.includes(BY_ITSELF))
    return {
      kind: 'silent-rollback',
      title: `${names}: the endpoint host took ${versions} back by itself`,
      why: reason.endsWith(SAYS_NOTHING)
        ? `${reason}. The host tells of no failure: this was found by comparing what serves with what was asked for.`
        : reason,
    }
  const title =
    phase === 'failed'
      ? `${names}: the ${kind} to ${versions} failed`
      : kind === 'promote'
        ? `${names}: ${versions} was rejected and taken back`
        : `${names}: the rollback to ${versions} was taken back`
  return { kind: 'rollback', title, why: reason }
}

/** True when the model that served before, or one that was rolled back to, serves since a candidate was rejected. */
export const isRejection = ({ kind, phase }: Release): boolean =>
  phase === 'rolled_back' ? kind === 'promote' : phase === 'done' && kind === 'rollback'
