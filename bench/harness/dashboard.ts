import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const CLI = resolve(import.meta.dirname, '../../bin/bikeshare.js')
/** A lake to measure with, such as one of 60 days: a folder of lakes. Without it, that of a fresh demo. */
const LAKE_VARIABLE = 'BENCH_DASHBOARD_DATA'

/** A copy of the lakes that are named, or those of a demo. */
export async function lakesIn(folder: string): Promise<string> {
  const data = join(folder, 'data')
  const given = process.env[LAKE_VARIABLE]
  if (given !== undefined) {
    await cp(given, data, { recursive: true })
    return data
  }
  const demo = spawn(process.execPath, [CLI, 'demo', '--headless', '--data-dir', data], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(demo, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the demo ended with ${code}`)
  return data
}

/** The built program, serving its dashboard. */
export interface Server {
  readonly url: string
  readonly process: ChildProcess
}

/** Starts it on a free port. */
export async function startServer(data: string): Promise<Server> {
  const child = spawn(process.execPath, [CLI, 'dashboard', '--data-dir', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BIKESHARE_DASHBOARD__REQUESTS_PER_MINUTE: '1000000' },
  })
  const printed = new Promise<string>((found) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /at (http:\S+?);/.exec(said)?.[1]
      if (url !== undefined) found(url)
    })
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the dashboard ended with ${String(code)}`)
  })
  ended.catch(() => {})
  return { url: await Promise.race([printed, ended]), process: child }
}
