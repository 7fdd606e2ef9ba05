import type { Action, ActionPreview } from '../../../core/contracts/api/releases.ts'
import { canonicalJson, sha256 } from '../../../core/hash.ts'
import type { Reporter } from '../../../core/report.ts'
import type { CitySource } from '../city-source.ts'
import { Refusal } from '../http/problem.ts'
import type { Deed, Examined } from './examined.ts'
import { rampDeed, rollbackDeed } from './go-back-and-on.ts'
import { promoteDeed } from './promote.ts'
import { closeDeed, noteDeed, silenceDeed, waiveDeed } from './records.ts'
import { shellLine } from './shell-words.ts'

/** Everything an operator may do from here. */
export interface Deeds {
  /** What it would change, as the lake is now. */
  preview(source: CitySource, act: Action, by: string): Promise<ActionPreview>
  /** Does it, when the lake is as it was for the preview that `confirm` is of; 409 otherwise. */
  perform(
    source: CitySource,
    act: Action,
    o: { readonly by: string; readonly confirm: string },
  ): Promise<string>
}

export function openDeeds(report: Reporter): Deeds {
  const deeds: { readonly [Name in Action['action']]: Deed<Name> } = {
    promote: promoteDeed(report),
    rollback: rollbackDeed,
    ramp: rampDeed,
    waive: waiveDeed,
    silence: silenceDeed,
    'incident-note': noteDeed,
    'incident-close': closeDeed,
  }
  const deedOf = (act: Action): Deed<Action['action']> => deeds[act.action] as Deed<Action['action']>
  const preview = async (source: CitySource, act: Action, by: string): Promise<ActionPreview> => {
    const examined = await deedOf(act).examine(source, act)
    return {
      action: act.action,
      command: shellLine(['bikeshare', ...examined.command, '--by', by]),
      changes: [...examined.changes],
      refused: examined.refused,
      confirm: confirmOf(source, act, examined),
    }
  }
  return {
    preview,
    async perform(source, act, { by, confirm }) {
      const now = await preview(source, act, by)
      if (now.confirm !== confirm)
        throw new Refusal(
          409,
          'WRITE_CONFLICT',
          'what you looked at has changed since, so nothing was done',
          'Look at what it would change now, and confirm that.',
        )
      if (now.refused !== null) throw new Refusal(409, 'CHECK_FAILED', now.refused)
      return deedOf(act).perform(source, act, by)
    },
  }
}

/** Names an action together with the records that were looked at for it. */
function confirmOf(source: CitySource, act: Action, { looked }: Examined): string {
  return sha256(canonicalJson([source.name, act, looked])).slice(0, 32)
}
