import { act, renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { patchViewState, useViewState, viewHref } from './view-state.ts'

describe('the state of a view', () => {
  it('follows what is changed, and stands in the address', () => {
    const { result } = renderHook(useViewState)
    act(() => {
      result.current[1]({ tab: 'model', station: 'a&b' })
    })
    expect(result.current[0]).toMatchObject({ tab: 'model', station: 'a&b' })
    expect(window.location.search).toBe('?tab=model&station=a%26b')
  })

  it('goes back with the browser', async () => {
    const { result } = renderHook(useViewState)
    act(() => {
      result.current[1]({ tab: 'model' })
    })
    act(() => {
      result.current[1]({ tab: 'system' })
    })
    await act(async () => {
      const gone = new Promise((resolve) => {
        window.addEventListener('popstate', resolve, { once: true })
      })
      window.history.back()
      await gone
    })
    expect(result.current[0].tab).toBe('model')
  })

  it('makes no entry of the history when it replaces, or changes nothing', () => {
    patchViewState({ search: 'a' })
    const { length } = window.history
    patchViewState({ search: 'ab' }, { replace: true })
    patchViewState({ search: 'ab' })
    expect(window.history).toHaveLength(length)
    expect(window.location.search).toBe('?search=ab')
  })

  it('gives links of the state that is shown with a part of it changed', () => {
    patchViewState({ stage: 'prod', station: 's1' })
    expect(viewHref({ station: null, tab: 'plan' })).toBe('/?stage=prod&tab=plan')
  })
})
