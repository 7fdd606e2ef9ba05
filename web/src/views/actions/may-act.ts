import type { Session } from '../../../../src/core/contracts/api/session.ts'

export type WhyNot = 'snapshot' | 'public_mode' | 'operator' | 'city' | 'past'

/**
 * Why somebody may not act here and now; null when they may.
 *
 * @param city The city that is shown: a token's role holds in its own alone.
 * @param newest The page shows the newest moment: nobody acts on what is not what is looked at.
 */
export function whyNotAct(
  session: Session | undefined,
  city: string | undefined,
  newest: boolean,
): WhyNot | null {
  if (session?.snapshot === true) return 'snapshot'
  if (session?.public_mode === true) return 'public_mode'
  if (session?.access !== 'operator') return 'operator'
  if (session.city !== null && session.city !== city) return 'city'
  return newest ? null : 'past'
}
