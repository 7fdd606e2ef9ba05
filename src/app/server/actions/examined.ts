import type { Action } from '../../../core/contracts/api/releases.ts'
import type { CitySource } from '../city-source.ts'

/** What an action would come to, as the lake is now. */
export interface Examined {
  /** Words of the same by the command line, after `bikeshare`. */
  readonly command: readonly string[]
  readonly changes: readonly string[]
  /** Why it would be refused; null when it would be taken. */
  readonly refused: string | null
  /** The records that this was said of: when they differ, it is another question. */
  readonly looked: unknown
}

/** An action of one kind. */
export type ActionOf<Name extends Action['action']> = Extract<Action, { action: Name }>

/** How one kind of action is looked at, and done. */
export interface Deed<Name extends Action['action']> {
  examine(source: CitySource, act: ActionOf<Name>): Promise<Examined>
  /** Does it as `by`; gives what was done, in words. */
  perform(source: CitySource, act: ActionOf<Name>, by: string): Promise<string>
}
