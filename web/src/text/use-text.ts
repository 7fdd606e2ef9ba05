import { useMemo } from 'react'
import { useViewState } from '../state/view-state.ts'
import { translator, type Messages, type Texts, type Translate } from './define.ts'

/** The texts of a view in the reader's language: `const t = useText(modelTexts)`, `t('stations', { count: 3 })`. */
export function useText<E extends Messages>(texts: Texts<E>): Translate<E> {
  const [{ lang }] = useViewState()
  return useMemo(() => translator(texts, lang), [texts, lang])
}
