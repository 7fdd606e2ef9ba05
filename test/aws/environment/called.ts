import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AwsClient } from '../../../src/platform/aws/aws-access.ts'

/** The part of a client that is used here. */
interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: { readonly commandName?: string },
    ) => (args: unknown) => Promise<unknown>,
    options: { readonly step: 'initialize'; readonly name: string },
  ): void
}

/** Writes down, for the table that `npm run test:aws` prints, that a call was made and answered. */
export function noteCall(service: string, operation: string): void {
  const folder = process.env['AWS_CALLS_FOLDER']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  appendFileSync(join(folder, `${process.pid}.txt`), `${service} ${operation}\n`)
}

/** For `AwsAccess.onClient`: notes every call that is answered. */
export function noteCalls(client: AwsClient): void {
  const { serviceId = '' } = (client as unknown as { config: { serviceId?: string } }).config
  ;(client.middlewareStack as Stack).add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args)
        noteCall(serviceId.toLowerCase().replaceAll(' ', '-'), commandName.replace(/Command$/, ''))
        return answer
      },
    { step: 'initialize', name: 'noteCalls' },
  )
}
