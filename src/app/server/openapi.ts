import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** Gathers the document from the routes that are registered after it. */
export async function gatherDocument(
  app: FastifyInstance,
  o: { readonly version: string; readonly cookieName: string },
): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'bikeshare dashboard',
        version: o.version,
        description:
          'What the dashboard shows, and what an operator may do from it. Times are epoch seconds; a figure that is missing is null.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'this server' }],
      tags: [
        { name: 'session', description: 'Signing in and out' },
        { name: 'city', description: 'The city at a moment' },
        { name: 'model', description: 'How well it predicts, and why' },
        { name: 'system', description: 'Whether all of it runs' },
        { name: 'releases', description: 'What serves, and changing it' },
        { name: 'plans', description: 'What trucks are to move' },
        { name: 'live', description: 'What changes under an open page' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token of `bikeshare token create`' },
          cookie: { type: 'apiKey', in: 'cookie', name: o.cookieName, description: 'Set by signIn' },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
}

/** Serves it: a page at /api/docs, and the document itself at /api/docs/json. */
export async function serveDocument(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
    staticCSP: false,
  })
}
