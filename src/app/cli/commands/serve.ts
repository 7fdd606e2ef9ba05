import { once } from 'node:events'
import type { CommandModule } from '../command.ts'
import { addExamples, intOption } from '../options.ts'

interface Options {
  readonly host?: string
  readonly port?: number
  readonly allowControl?: boolean
}

/** `bikeshare serve`: the inference server for what is deployed. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--host <address>', 'address to listen on (default: loopback only)')
      .addOption(intOption('--port <n>', 'port to listen on; 0 takes a free one', 0, 65_535))
      .option('--allow-control', 'take calls that change endpoints, such as UpdateEndpoint')
    addExamples(command, [
      ['serve --port 18080', 'SageMaker’s InvokeEndpoint at http://127.0.0.1:18080; ends with Ctrl-C'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info } = await context.openLake()
        const server = await platform.serveEndpoints({
          hostname: options.host ?? context.config.serve.host,
          port: options.port ?? context.config.serve.port,
          allowControl: options.allowControl === true,
        })
        const endpoints = await platform.endpoints.listEndpoints()
        const names = endpoints.map((endpoint) => endpoint.EndpointName)
        context.report.info(
          `Serving ${names.join(', ') || 'no endpoint yet'} of "${info.city}" at ${server.url}`,
        )
        if (!context.signal.aborted) await once(context.signal, 'abort')
        context.report.info('Draining: what is under way is answered, nothing new is taken.')
        await server.close()
        return { human: 'Stopped.', json: { url: server.url, endpoints: names } }
      }),
    )
  },
}
