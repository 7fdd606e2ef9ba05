import { expect, it } from 'vitest'
import { openTraffic } from './traffic.ts'

it('keeps other work back while somebody waits for an answer, but not for ever', async () => {
  let now = 0
  const traffic = openTraffic(() => (now += 20))
  const never = new AbortController().signal
  await traffic.pause(never)

  const order: string[] = []
  let answered = (): void => {}
  const answer = traffic.during(() => new Promise<void>((resolve) => (answered = resolve)))
  const paused = traffic.pause(never).then(() => order.push('work'))
  setTimeout(() => {
    order.push('answer')
    answered()
  }, 120)
  await Promise.all([answer, paused])
  expect(order).toEqual(['answer', 'work'])

  const stop = new AbortController()
  const endless = traffic.during(() => new Promise<void>((resolve) => (answered = resolve)))
  const waiting = traffic.pause(stop.signal)
  stop.abort()
  await waiting
  answered()
  await endless
})
