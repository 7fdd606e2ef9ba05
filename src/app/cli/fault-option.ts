import { InvalidArgumentError, Option } from 'commander'
import { parseTime } from '../../core/time.ts'
import { REPLAY_FAULT_KINDS, type ReplayFault } from '../../data/lake/replay/faults.ts'

/** `--fault KIND@FROM/TO`, as often as wanted: faults of a replayed feed. */
export function faultOption(): Option {
  return new Option(
    '--fault <kind@from/to>',
    `plant a fault: ${REPLAY_FAULT_KINDS.join(', ')}; may be given again`,
  )
    .argParser((text: string, all: readonly ReplayFault[]) => [...all, parseFault(text)])
    .default([], 'none')
}

function parseFault(text: string): ReplayFault {
  const m = /^(\w+)@([^/]+)\/([^/]+)$/.exec(text)
  const kind = REPLAY_FAULT_KINDS.find((k) => k === m?.[1])
  if (!m || !kind)
    throw new InvalidArgumentError(`write KIND@FROM/TO, with one of ${REPLAY_FAULT_KINDS.join(', ')}`)
  return { kind, from: parseTime(m[2] ?? ''), to: parseTime(m[3] ?? '') }
}
