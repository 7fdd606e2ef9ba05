import type { FastifyInstance } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Reporter } from '../../../core/report.ts'
import { explain } from './problem.ts'

/** Answers every error as a problem; what nobody foresaw goes into the log under the id that the answer has. */
export function answerErrors(
  app: FastifyInstance,
  o: { readonly hidden: readonly string[]; readonly report: Reporter },
): void {
  app.setErrorHandler(async (error, request, reply) => {
    const told = hasZodFastifySchemaValidationErrors(error)
      ? Object.assign(new Error(validationText(error)), { statusCode: 400 })
      : error
    const { status, problem, unforeseen } = explain(told, request.id, o.hidden)
    if (unforeseen)
      o.report.warn(`${request.id}: ${request.method} ${request.url.split('?')[0] ?? ''}: ${stackOf(error)}`)
    await reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(problem))
  })
}

/** The first few things that are wrong with a request, by where they stand. */
function validationText(error: {
  validation: readonly { instancePath: string; message?: string }[]
  validationContext?: string
}): string {
  return error.validation
    .slice(0, 3)
    .map(
      ({ instancePath, message = 'is not valid' }) =>
        `${error.validationContext ?? ''}${instancePath.slice(0, 100)}: ${message.slice(0, 200)}`,
    )
    .join('; ')
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
