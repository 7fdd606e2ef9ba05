import type { GateResult } from '../../core/contracts/gate.ts'
import type { Release } from '../../core/contracts/release.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ReleaseStory } from './release-story.ts'

/** The story of a demo's releases, one line a happening; what did not happen is said too. */
export function storyLines({ gates, promotion, planted, incident }: ReleaseStory): string[] {
  const lines = gates.map(gateLine)
  if (gates.length === 0)
    lines.push('The recording ends before staging has served for 24 hours: no gate was asked.')
  if (promotion) lines.push(...releaseLines('Promotion by canary', promotion))
  else if (gates.length > 0 && gates.every(({ verdict }) => verdict === 'pass'))
    lines.push('Production had the model of staging already: nothing to promote.')
  if (planted) lines.push(...releaseLines('A planted bad candidate by A/B', planted))
  if (incident !== undefined) lines.push(`Its incident: ${incident}`)
  return lines
}

function gateLine({ endpoint, verdict, conditions }: GateResult): string {
  const bad = conditions.filter((condition) => condition.verdict === 'fail')
  return verdict === 'pass'
    ? `Gate of ${endpoint}: open, ${conditions.length} conditions hold.`
    : `Gate of ${endpoint}: shut: ${bad.map(({ name, detail }) => `${name} (${detail})`).join('; ')}.`
}

function releaseLines(what: string, release: Release): string[] {
  const begun = release.timeline[0]?.at ?? release.since
  return release.timeline.map(
    ({ at, what: happened }, i) => `${i === 0 ? `${what}: ` : '  '}${after(at - begun)} ${happened}`,
  )
}

function after(seconds: EpochSeconds): string {
  return `+${Math.floor(seconds / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} h`
}
