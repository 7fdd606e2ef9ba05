import type { ReactElement, ReactNode } from 'react'
import { planConstraintsTexts } from '../../text/plan-constraints.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import type { ConstraintsDraft, DraftProblems } from './constraints-draft.ts'

/** What an editor of one list takes. */
export interface LinesProps {
  readonly draft: ConstraintsDraft
  readonly problems: DraftProblems
  readonly onChange: (draft: ConstraintsDraft) => void
}

/** Says what is wrong with a field of a line; undefined when nothing is. */
export function useProblem(
  list: string,
  problems: DraftProblems,
): (key: number, field: string) => string | undefined {
  const t = useText(planConstraintsTexts)
  return (key, field) => {
    const problem = problems.get(`${list}.${key}.${field}`)
    return problem === undefined ? undefined : t(`problems_${problem}`)
  }
}

interface ListProps<T extends { readonly key: number }> {
  readonly title: string
  readonly empty: string
  readonly add: string
  readonly lines: readonly T[]
  readonly nameOf: (line: T) => string
  readonly onAdd: () => void
  readonly onRemove: (key: number) => void
  readonly children: (line: T) => ReactNode
}

/** A list of lines that can be added to and taken from. */
export function List<T extends { readonly key: number }>(props: ListProps<T>): ReactElement {
  const { title, empty, add, lines, nameOf, onAdd, onRemove, children } = props
  const t = useText(planConstraintsTexts)
  return (
    <fieldset className="constraints-list">
      <legend>{title}</legend>
      {lines.length === 0 && <p className="note">{empty}</p>}
      {lines.map((line, i) => (
        <div
          key={line.key}
          className="constraints-line"
          role="group"
          aria-label={`${title}: ${called(nameOf(line), i)}`}
        >
          {children(line)}
          <Button
            aria-label={t('remove_of', { id: called(nameOf(line), i) })}
            onClick={() => {
              onRemove(line.key)
            }}
          >
            {t('remove')}
          </Button>
        </div>
      ))}
      <Button onClick={onAdd}>{add}</Button>
    </fieldset>
  )
}

/** A line that has no id yet goes by its number. */
function called(id: string, index: number): string {
  return id.trim() === '' ? String(index + 1) : id
}
