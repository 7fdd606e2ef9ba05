import { describe, expect, it } from 'vitest'
import { shareAnswers } from './shared-answers.ts'

describe('answers that are shared', () => {
  const open = () => {
    const time = { ms: 0 }
    const made: string[] = []
    const shared = shareAnswers({ elapsedMs: () => time.ms, forMs: 1000 })
    const make = (text: string) => async (): Promise<string> => {
      made.push(text)
      return text
    }
    return { time, made, shared, make }
  }

  it('are made once while they are made and for a moment after, for each question', async () => {
    const { time, made, shared, make } = open()
    expect(
      await Promise.all([shared.of('q', make('a')), shared.of('q', make('b')), shared.of('r', make('c'))]),
    ).toEqual(['a', 'a', 'c'])
    time.ms = 999
    expect(await shared.of('q', make('d'))).toBe('a')
    time.ms = 1000
    expect(await shared.of('q', make('e'))).toBe('e')
    expect(made).toEqual(['a', 'c', 'e'])
  })

  it('are made anew once something has changed, also those that were being made then', async () => {
    const { shared, make } = open()
    const before = shared.of('q', make('old'))
    shared.clear()
    expect(await shared.of('q', make('new'))).toBe('new')
    expect(await before).toBe('old')
    expect(await shared.of('q', make('newer'))).toBe('new')
  })

  it('are no failures: whoever asks next tries again', async () => {
    const { shared, make } = open()
    await expect(shared.of('q', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await Promise.resolve()
    expect(await shared.of('q', make('yes'))).toBe('yes')
  })
})
