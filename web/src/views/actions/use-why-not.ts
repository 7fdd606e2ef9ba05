import { useCity, useSession } from '../../api/use-city.ts'
import { whyNotAct, type WhyNot } from './may-act.ts'

/** Why whoever looks may not act on the city that is shown; null when they may. */
export function useWhyNot(newest: boolean): WhyNot | null {
  const session = useSession().data
  const city = useCity()?.name
  return whyNotAct(session, city, newest)
}
