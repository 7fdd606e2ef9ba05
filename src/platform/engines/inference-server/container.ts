import { openScorer } from '../xgboost/scorer.ts'
import { answerRequest } from './answer.ts'
import { isOversize, type RawBody } from './http-body.ts'
import { listen, makeHttpServer, type ListeningServer } from './http-server.ts'
import { InferenceError } from './inference-error.ts'
import { readModelFolder } from './model-folder.ts'
import { MAX_BODY_BYTES } from './request-rows.ts'
import { openServedModel, type ServedModel } from './served-model.ts'

export interface ContainerOptions {
  /** Folder with `xgboost-model`; /opt/ml/model on SageMaker. */
  readonly modelDir: string
  readonly libraryPath: string
  /** SageMaker's containers listen on 8080 (the default); 0 takes any free port. */
  readonly port?: number
  /** Default: every address, since SageMaker reaches a container from outside. */
  readonly hostname?: string
  /** Threads of the library. */
  readonly threads?: number
}

/**
 * The program of a SageMaker container: `GET /ping` answers 200 once the model is loaded and 503 before, `POST
 * /invocations` scores. Returns once it listens and the model is loaded; rejects when the model cannot be.
 */
export async function startContainer(options: ContainerOptions): Promise<ListeningServer> {
  const { modelDir, libraryPath, port = 8080, hostname = '0.0.0.0', threads = 1 } = options
  const scorer = openScorer({ libraryPath, threads })
  const app = makeHttpServer()
  let model: ServedModel | undefined

  app.get('/ping', async (_request, reply) => reply.code(model ? 200 : 503).send())
  app.post('/invocations', async (request, reply) => {
    if (!model) throw new InferenceError(503, 'the model is being loaded')
    const body = request.body as RawBody
    if (isOversize(body))
      throw new InferenceError(
        413,
        `the body has ${body.oversize} bytes, the limit is ${MAX_BODY_BYTES}; send fewer rows a request`,
      )
    const { headers } = request
    const answer = await answerRequest(model, {
      body: body ?? Buffer.alloc(0),
      contentType: headers['content-type'],
      accept: headers.accept,
    })
    return reply.header('content-type', answer.contentType).send(answer.body)
  })
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ error: 'GET /ping and POST /invocations are answered here' }),
  )
  app.setErrorHandler<Error & { statusCode?: number }>(async (error, _request, reply) => {
    const status = error instanceof InferenceError ? error.status : (error.statusCode ?? 500)
    return reply.code(status).send({ error: error.message })
  })

  const server = await listen(app, port, hostname)
  const close = async (): Promise<void> => {
    await server.close()
    await scorer.close()
  }
  try {
    model = await openServedModel(scorer, await readModelFolder(modelDir))
  } catch (error) {
    await close()
    throw error
  }
  return { url: server.url, close }
}
