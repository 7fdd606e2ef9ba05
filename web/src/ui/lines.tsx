import type { ReactElement } from 'react'
import { useFormat } from '../text/use-format.ts'
import { Said } from './said.tsx'

interface Line {
  readonly at: number
  readonly what: string
}

/** What happened when, oldest first, in the city's zone. */
export function Lines({
  lines,
  label,
}: {
  readonly lines: readonly Line[]
  readonly label: string
}): ReactElement {
  const format = useFormat()
  return (
    <ol className="lines" aria-label={label}>
      {lines.map(({ at, what }, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of a record never move
        <li key={i}>
          <time dateTime={new Date(at * 1000).toISOString()}>{format.dateTime(at)}</time>
          <Said>{what}</Said>
        </li>
      ))}
    </ol>
  )
}
