import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { Refusal } from './http/problem.ts'

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bikeshare</title>
<h1>The pages are not built</h1><p>Run <code>npm run build</code>, then start the dashboard again. The API is at
<a href="/api/docs">/api/docs</a>.</p></html>`

/**
 * Serves the built pages: files whose names hold a hash of their content for good, all others to be asked for anew. Any
 * other path that a person may have opened is the one page, whose state is in the query.
 */
export async function servePages(app: FastifyInstance, webRoot: string): Promise<void> {
  const built = existsSync(join(webRoot, 'index.html'))
  if (built)
    await app.register(fastifyStatic, {
      root: webRoot,
      prefix: '/',
      index: false,
      wildcard: true,
      dotfiles: 'deny',
      redirect: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        const hashed = path.slice(webRoot.length).startsWith('/assets/')
        response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  const page = (): string | undefined => (built ? 'index.html' : undefined)
  app.get('/', { schema: { hide: true } }, async (_, reply) => {
    const file = page()
    if (file === undefined) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    return reply.header('cache-control', 'no-cache').sendFile(file)
  })
  app.setNotFoundHandler(async (request, reply) => {
    const [path = ''] = request.url.split('?')
    const isPage = request.method === 'GET' && /^\/[A-Za-z0-9/_-]*$/.test(path)
    if (built && isPage && !path.startsWith('/api') && !path.startsWith('/assets/'))
      return reply.header('cache-control', 'no-cache').sendFile('index.html')
    throw new Refusal(404, 'NOT_FOUND', 'there is nothing here', 'The API is described at /api/docs.')
  })
}
