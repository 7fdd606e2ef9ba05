import { AwsRefusal } from '../protocol.ts'

/** A page of a list, and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly NextToken?: string
}

/** The page that a token asks for; the first without one. */
export function pageOf<T>(all: readonly T[], size: number, token: string | undefined): Page<T> {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString('utf8'))
  if (!Number.isInteger(from))
    throw new AwsRefusal('InvalidNextToken', 'The next token specified is invalid.')
  const until = from + size
  return {
    items: all.slice(from, until),
    ...(until < all.length && { NextToken: Buffer.from(String(until)).toString('base64') }),
  }
}
