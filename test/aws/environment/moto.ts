import { freePort, type Server, startChild } from './child.ts'

/** Starts moto: S3, Glue and other services of AWS in memory, written by others. */
export async function startMoto(python: string): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  const close = await startChild(python, args, {}, async () => (await fetch(`${url}/moto-api/data.json`)).ok)
  return { url, close }
}
