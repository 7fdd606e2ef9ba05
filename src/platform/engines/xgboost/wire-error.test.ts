import { expect, it } from 'vitest'
import { OperatorError } from '../../../core/errors.ts'
import { fromWire, toWire } from './wire-error.ts'

it("an operator's error arrives with its code and hint", () => {
  const arrived = fromWire(structuredClone(toWire(new OperatorError('CORRUPT', 'damaged', 'replace it'))))
  expect(arrived).toBeInstanceOf(OperatorError)
  expect(arrived).toMatchObject({ code: 'CORRUPT', message: 'damaged', hint: 'replace it' })
})

it('a bug arrives as a bug, with the stack of where it happened', () => {
  const bug = new TypeError('x is not a function')
  const arrived = fromWire(structuredClone(toWire(bug)))
  expect(arrived).not.toBeInstanceOf(OperatorError)
  expect(arrived.stack).toBe(bug.stack)
})
