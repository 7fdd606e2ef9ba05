import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactElement, ReactNode } from 'react'
import type { ApiError } from '../api/client.ts'
import { dataSource } from '../api/source.ts'
import { uiTexts } from '../text/ui.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'
import { Button } from './button.tsx'

interface AsyncProps<T> {
  readonly query: UseQueryResult<T, ApiError>
  /** True for an answer that holds nothing to show. */
  readonly isEmpty?: (data: T) => boolean
  /** What is missing, and what would fill it. */
  readonly empty?: ReactNode
  /** Height kept while nothing is there yet, in pixels, so that the page does not jump. */
  readonly height?: number
  readonly children: (data: T) => ReactNode
}

/**
 * What an answer looks like while it loads, when it is empty, when it failed (with a retry), and when it is shown from
 * before because it could not be refreshed.
 */
export function Async<T>({ query, isEmpty, empty, height, children }: AsyncProps<T>): ReactElement {
  const t = useText(uiTexts)
  const { data, error, isPending, isPlaceholderData } = query
  if (data === undefined) {
    if (error !== null && !isPending) return <Failure error={error} retry={() => void query.refetch()} />
    return (
      <div className="loading" role="status" style={{ minHeight: height }}>
        {t('loading')}
      </div>
    )
  }
  return (
    <div className={isPlaceholderData ? 'async older' : 'async'} aria-busy={isPlaceholderData}>
      {error !== null && <RefreshFailed query={query} />}
      {isEmpty?.(data) === true ? <p className="empty">{empty ?? t('empty')}</p> : children(data)}
    </div>
  )
}

function RefreshFailed<T>({ query }: { readonly query: UseQueryResult<T, ApiError> }): ReactElement {
  const t = useText(uiTexts)
  const format = useFormat()
  const age = (query.errorUpdatedAt - query.dataUpdatedAt) / 1000
  return (
    <p className="refresh-failed" role="status">
      {t('refreshFailed', { ago: format.ago(Math.max(0, age)) })}{' '}
      <Button kind="quiet" onClick={() => void query.refetch()}>
        {t('retry')}
      </Button>
    </p>
  )
}

/** An answer that did not come, in the server's words, with what to do. */
export function Failure({
  error,
  retry,
}: {
  readonly error: ApiError
  readonly retry?: () => void
}): ReactElement {
  const t = useText(uiTexts)
  const absent = dataSource() === 'snapshot' && error.status === 404
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{absent ? t('notInSnapshot') : error.offline ? t('offlineTitle') : t('errorTitle')}</strong>
      </p>
      {!absent && !error.offline && (
        <p>
          <bdi>{error.message}</bdi> <code>{error.code}</code>
        </p>
      )}
      {error.hint !== null && (
        <p>
          <bdi>{error.hint}</bdi>
        </p>
      )}
      {retry !== undefined && !absent && <Button onClick={retry}>{t('retry')}</Button>}
    </div>
  )
}
