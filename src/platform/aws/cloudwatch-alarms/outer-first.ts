/** A composite alarm, as far as its place among others goes. */
interface Composite {
  readonly AlarmName: string
  readonly AlarmRule: string
}

/** Names of composite alarms in such an order that none is looked at by one that comes after it. */
export function outerFirst(alarms: readonly Composite[]): string[] {
  const left = new Map(alarms.map((alarm) => [alarm.AlarmName, alarm]))
  const ordered: string[] = []
  while (left.size > 0) {
    const free = [...left.keys()].find((name) =>
      [...left.values()].every((other) => other.AlarmName === name || !looksAt(other, name)),
    )
    // A circle cannot be put.
    const next = free ?? [...left.keys()][0] ?? ''
    ordered.push(next)
    left.delete(next)
  }
  return ordered
}

const looksAt = ({ AlarmRule }: Composite, name: string): boolean =>
  AlarmRule.includes(`("${name}")`) || AlarmRule.includes(`(${name})`)
