import type { ReactElement } from 'react'
import { useNow } from '../api/clock.ts'
import { MISSING } from '../text/format.ts'
import { useFormat } from '../text/use-format.ts'

/** How long ago, by the lake's clock; the moment itself as a title. */
export function TimeAgo({ at }: { readonly at: number | null }): ReactElement {
  const format = useFormat()
  const now = useNow()
  if (at === null) return <span>{MISSING}</span>
  const title = `${format.dateTime(at)} ${format.zone(at)}`
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={title}>
      {now === null ? title : format.ago(now - at)}
    </time>
  )
}
