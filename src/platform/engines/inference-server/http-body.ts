import type { FastifyInstance } from 'fastify'
import { MAX_BODY_BYTES } from './request-rows.ts'

/** A body over the limit: read to its end, so that its sender hears the answer, but not kept. */
export interface OversizeBody {
  readonly oversize: number
}

/** What a handler finds in `request.body`; undefined when there was none. */
export type RawBody = Buffer | OversizeBody | undefined

/** A sender who goes on beyond this is cut off. */
const MAX_DISCARDED_BYTES = 10 * MAX_BODY_BYTES

/** Makes `app` hand every body to its handler as bytes, whatever its content type, up to SageMaker's limit. */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request, payload, done) => {
    const chunks: Buffer[] = []
    let size = 0
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else chunks.length = 0
      if (size > MAX_DISCARDED_BYTES) request.raw.destroy()
    })
    payload.on('error', (error) => done(error))
    payload.on('end', () => {
      const body: RawBody =
        size > MAX_BODY_BYTES
          ? { oversize: size }
          : chunks.length === 1 && chunks[0]
            ? chunks[0]
            : Buffer.concat(chunks)
      done(null, body)
    })
  })
}

/** True for a body over the limit. */
export const isOversize = (body: RawBody): body is OversizeBody => body !== undefined && 'oversize' in body
