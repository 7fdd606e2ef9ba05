import { buildHistory } from '../alarms/history.ts'
import { buildList } from '../alarms/list.ts'
import { buildShow } from '../alarms/show.ts'
import { buildSilence } from '../alarms/silence.ts'
import { buildTest } from '../alarms/test-actions.ts'
import type { CommandModule } from '../command.ts'

/** `bikeshare alarms list|show|history|test|silence`. */
export const command: CommandModule = {
  build(command, act) {
    for (const build of [buildList, buildShow, buildHistory, buildTest, buildSilence]) build(command, act)
  },
}
