import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { startDashboardServer } from '../server/dashboard-server.ts'
import { isLoopback } from '../server/listen.ts'
import type { CommandContext, CommandResult } from './command.ts'
import { builtPages, openShownCities, programVersion } from './dashboard-cities.ts'

/** Where the dashboard is served, and of which cities; as configured what is left out. */
export interface ShowOptions {
  readonly cities: readonly string[]
  readonly host?: string
  readonly port?: number
  readonly public?: boolean
  readonly open?: boolean
}

/** Serves the dashboard until the program is told to end. */
export async function showDashboard(context: CommandContext, options: ShowOptions): Promise<CommandResult> {
  const { config, report } = context
  const publicMode = options.public === true || config.dashboard.public
  const hostname = options.host ?? config.dashboard.host
  const cities = await openShownCities(context, options.cities)
  const names = cities.map(({ name }) => name)
  const server = await startDashboardServer({
    hostname,
    port: options.port ?? config.dashboard.port,
    cities,
    config,
    webRoot: builtPages(),
    publicMode,
    version: programVersion(),
    wall: context.wall,
    elapsedMs: context.elapsedMs,
    random: (bytes) => randomBytes(bytes),
    report,
    hidden: [context.dataDir, homedir()],
  })
  context.line(`Dashboard of ${names.join(', ')} at ${server.url}; ends with Ctrl-C`)
  if (!isLoopback(hostname) && !publicMode)
    report.warn(
      config.dashboard.require_token === false
        ? 'Everyone who reaches this machine can read it: require_token is false.'
        : 'Others on the network reach it: reading takes a token too (`bikeshare token create`).',
    )
  if (options.open === true) openInBrowser(server.url, context)
  try {
    if (!context.signal.aborted) await once(context.signal, 'abort')
  } finally {
    await server.close()
  }
  return { human: 'Stopped.', json: { url: server.url, cities: names } }
}

/** As the desktop opens links. Where there is none, the line with the address is enough. */
function openInBrowser(url: string, { report }: CommandContext): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open']
  const child = spawn(program ?? 'xdg-open', [...words, url], { stdio: 'ignore', detached: true })
  child.on('error', () => report.warn('No browser could be opened here; open the address yourself.'))
  child.unref()
}
