import { waiverSchema, type Waiver } from '../../../core/contracts/gate.ts'
import { messageOf, OperatorError } from '../../../core/errors.ts'
import { sha256 } from '../../../core/hash.ts'
import { DAY_SECONDS, dtOf, isoOf, type EpochSeconds } from '../../../core/time.ts'
import type { ObjectStore } from '../../../platform/ports.ts'

const PREFIX = 'waivers/'
/** A waiver that lasts longer is no exception any more. */
const LONGEST_SECONDS = 14 * DAY_SECONDS

/**
 * Lets the PSI of an endpoint be 0.20 or more until a time, and records who answers for it. USAGE for a condition that has no
 * waiver, an end that is missing, past or more than two weeks off, or without a name and a reason.
 */
export async function waive(
  store: ObjectStore,
  given: { metric: string; endpoint: string; by: string; why: string; until: EpochSeconds },
  now: EpochSeconds,
): Promise<Waiver> {
  if (given.metric !== 'PSI')
    throw new OperatorError(
      'USAGE',
      `"${given.metric}" cannot be waived`,
      'Only PSI can: the others say that the model or the endpoint does not work.',
    )
  if (given.until <= now)
    throw new OperatorError(
      'USAGE',
      `the waiver would end at ${isoOf(given.until)}, which is past`,
      'Give a later --until.',
    )
  if (given.until > now + LONGEST_SECONDS)
    throw new OperatorError(
      'USAGE',
      'a waiver lasts two weeks at most',
      `Give --until before ${isoOf(now + LONGEST_SECONDS)}.`,
    )
  const parsed = waiverSchema.safeParse({ ...given, by: given.by.trim(), why: given.why.trim(), from: now })
  if (!parsed.success)
    throw new OperatorError('USAGE', 'a waiver needs who answers for it and why', 'Give --by and --why.')
  const text = `${JSON.stringify(parsed.data, null, 2)}\n`
  await store.put(`${PREFIX}${dtOf(now)}-${sha256(text).slice(0, 8)}.json`, text)
  return parsed.data
}

/** Every waiver ever given, the oldest first. CORRUPT for a damaged one. */
export async function listWaivers(store: ObjectStore): Promise<Waiver[]> {
  const waivers: Waiver[] = []
  for await (const { key } of store.list(PREFIX)) {
    const object = await store.get(key)
    if (!object) continue
    try {
      waivers.push(waiverSchema.parse(JSON.parse(new TextDecoder().decode(object.body))))
    } catch (error) {
      throw new OperatorError(
        'CORRUPT',
        `${key} is damaged: ${messageOf(error)}`,
        'Delete it, and waive again.',
        error,
      )
    }
  }
  return waivers
}

/** The waiver of an endpoint that holds at `now` and ends last; undefined without one. */
export function waiverAt(
  waivers: readonly Waiver[],
  endpoint: string,
  now: EpochSeconds,
): Waiver | undefined {
  return waivers
    .filter((waiver) => waiver.endpoint === endpoint && waiver.from <= now && now < waiver.until)
    .sort((a, b) => b.until - a.until)[0]
}
