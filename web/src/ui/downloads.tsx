import type { ReactElement } from 'react'
import { routePath, type RouteName, type Routes } from '../api/routes.ts'
import { answerUrl, dataSource, type Query } from '../api/source.ts'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'

interface DownloadsProps<N extends RouteName> {
  readonly name: N
  readonly params: Routes[N]['params']
  readonly query: Routes[N]['query']
  /** What is downloaded, in words. */
  readonly what: string
  readonly formats?: readonly ('csv' | 'parquet')[]
}

/** Links that download the same answer as CSV and Parquet; none in a static snapshot. */
export function Downloads<N extends RouteName>({
  name,
  params,
  query,
  what,
  formats = ['csv', 'parquet'],
}: DownloadsProps<N>): ReactElement | null {
  const t = useText(uiTexts)
  if (dataSource() === 'snapshot') return null
  const path = routePath(name, params)
  return (
    <span className="downloads">
      <span className="hidden">{t('download', { what })}</span>
      {formats.map((format) => (
        <a
          key={format}
          href={answerUrl('server', path, { ...(query as Query), format })}
          download
          aria-label={`${t('download', { what })} ${format.toUpperCase()}`}
        >
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  )
}
