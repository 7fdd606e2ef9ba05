import { useMemo, useState, type ReactElement, type ReactNode } from 'react'
import { useViewState } from '../state/view-state.ts'
import { localeOf } from '../text/define.ts'
import { uiTexts } from '../text/ui.ts'
import { useText } from '../text/use-text.ts'
import { Pager } from './pager.tsx'
import { parseSort, sortRows, sortText, toggleSort, type SortOrder, type SortValue } from './table-order.ts'

export interface Column<T> {
  /** Lower case, also the name in the address. */
  readonly key: string
  readonly header: ReactNode
  readonly cell: (row: T) => ReactNode
  /** Makes the column sortable. */
  readonly sortValue?: (row: T) => SortValue
  /** Figures: aligned to the right, largest first on the first click. */
  readonly numeric?: boolean
  /** The row's own name: a `<th scope="row">`. */
  readonly rowHeader?: boolean
}

interface DataTableProps<T> {
  /** Names the table; visible unless `hideCaption`. */
  readonly caption: string
  readonly hideCaption?: boolean
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly rowKey: (row: T) => string
  /** `column` or `-column`, when the order stands in the address; else the table keeps it itself. */
  readonly sort?: string | null
  readonly onSort?: (sort: string) => void
  /** Rows a page; all of them without it. */
  readonly pageSize?: number
  readonly empty?: ReactNode
  readonly isCurrent?: (row: T) => boolean
}

/** A table that sorts by its headings, pages when it is long, and scrolls within itself when it is wide. */
export function DataTable<T>(props: DataTableProps<T>): ReactElement {
  const { caption, hideCaption, rows, columns, rowKey, pageSize, empty, isCurrent } = props
  const t = useText(uiTexts)
  const [{ lang }] = useViewState()
  const [ownSort, setOwnSort] = useState<string | null>(null)
  const [page, setPage] = useState(0)
  const sortable = columns.filter(({ sortValue }) => sortValue !== undefined).map(({ key }) => key)
  const order = parseSort(props.sort === undefined ? ownSort : props.sort, sortable)
  const sorted = useSorted(rows, columns, order, localeOf(lang))
  if (rows.length === 0) return <p className="empty">{empty ?? t('empty')}</p>
  const pages = pageSize === undefined ? 1 : Math.ceil(rows.length / pageSize)
  const shownPage = Math.min(page, pages - 1)
  const shown =
    pageSize === undefined ? sorted : sorted.slice(shownPage * pageSize, (shownPage + 1) * pageSize)
  const select = (column: Column<T>) => {
    const next = sortText(toggleSort(order, column.key, column.numeric === true ? 'down' : 'up'))
    setPage(0)
    if (props.onSort === undefined) setOwnSort(next)
    else props.onSort(next)
  }
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reached by keys */}
      <div className="table-scroll" role="group" aria-label={caption} tabIndex={0}>
        <table>
          <caption className={hideCaption === true ? 'hidden' : ''}>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.key} column={column} order={order} onSelect={select} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={rowKey(row)} className={isCurrent?.(row) === true ? 'current' : undefined}>
                {columns.map((column) =>
                  column.rowHeader === true ? (
                    <th key={column.key} scope="row">
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.key} className={column.numeric === true ? 'numeric' : undefined}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <Pager what={caption} page={shownPage} pages={pages} rows={rows.length} onPage={setPage} />
      )}
    </>
  )
}

function useSorted<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  order: SortOrder | undefined,
  locale: string,
): readonly T[] {
  const column = order?.column
  const descending = order?.descending ?? false
  return useMemo(() => {
    const valueOf = columns.find(({ key }) => key === column)?.sortValue
    return valueOf === undefined ? rows : sortRows(rows, valueOf, descending, locale)
  }, [rows, columns, column, descending, locale])
}

interface HeaderCellProps<T> {
  readonly column: Column<T>
  readonly order: SortOrder | undefined
  readonly onSelect: (column: Column<T>) => void
}

function HeaderCell<T>({ column, order, onSelect }: HeaderCellProps<T>): ReactElement {
  const className = column.numeric === true ? 'numeric' : undefined
  if (column.sortValue === undefined)
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    )
  const by = order?.column === column.key ? (order.descending ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" className={className} aria-sort={by ?? 'none'}>
      <button
        type="button"
        className="sort"
        onClick={() => {
          onSelect(column)
        }}
      >
        {column.header}
        <span aria-hidden="true" className={by === undefined ? 'sort-mark sort-mark-none' : 'sort-mark'}>
          {by === undefined ? '↕' : by === 'ascending' ? '↑' : '↓'}
        </span>
      </button>
    </th>
  )
}
