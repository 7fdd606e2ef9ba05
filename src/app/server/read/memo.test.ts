import { describe, expect, it } from 'vitest'
import { openMemo } from './memo.ts'

const counted = () => {
  let made = 0
  return { make: () => Promise.resolve(++made), made: () => made }
}

describe('what is kept in memory', () => {
  it('is made once for those who ask at once or later, and again for another token', async () => {
    const memo = openMemo<number>({ most: 10 })
    const { make, made } = counted()
    expect(await Promise.all([memo.get('a', '1', make), memo.get('a', '1', make)])).toEqual([1, 1])
    expect(await memo.get('a', '1', make)).toBe(1)
    expect(made()).toBe(1)
    expect(await memo.get('a', '2', make)).toBe(2)
    expect(memo.peek('a')).toBe(2)
  })

  it('is what was used last, up to its weight; the newest stays however heavy', async () => {
    const memo = openMemo<number>({ most: 10, weigh: (value) => value })
    const put = (key: string, weight: number) => memo.get(key, '', () => Promise.resolve(weight))
    await put('a', 4)
    await put('b', 4)
    await put('a', 4)
    await put('c', 4)
    expect([memo.has('a', ''), memo.has('b', ''), memo.has('c', '')]).toEqual([true, false, true])
    await put('d', 100)
    expect([memo.has('a', ''), memo.has('c', ''), memo.has('d', '')]).toEqual([false, false, true])
  })

  it('is nothing that failed', async () => {
    const memo = openMemo<number>({ most: 10 })
    await expect(memo.get('a', '', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(memo.has('a', '')).toBe(false)
    expect(await memo.get('a', '', () => Promise.resolve(3))).toBe(3)
  })

  it('does not take what was made for an older token for the newer', async () => {
    const memo = openMemo<number>({ most: 10 })
    let finish: (value: number) => void = () => undefined
    const slow = memo.get('a', '1', () => new Promise<number>((resolve) => (finish = resolve)))
    expect(await memo.get('a', '2', () => Promise.resolve(2))).toBe(2)
    finish(1)
    expect(await slow).toBe(1)
    expect(memo.peek('a')).toBe(2)
    expect(memo.has('a', '2')).toBe(true)
  })
})
