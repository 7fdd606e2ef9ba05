import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupError } from '../setup/progress.mjs'
import { run } from '../setup/run.mjs'

/** The oldest Java that Trino 476 starts on. */
const OLDEST = 24
const MACHINE_FOLDER = '/usr/lib/jvm'

/** Home folder of a Java that runs Trino: of the environment, of the machine's list, or the one on the PATH. */
export async function findJava() {
  const tried = []
  for (const home of await homes()) {
    const java = home === '' ? 'java' : join(home, 'bin', 'java')
    if (home !== '' && !existsSync(java)) continue
    const result = await run(java, ['-XshowSettings:properties', '-version'])
    if (!result.ok) continue
    const version = /java\.specification\.version = (\S+)/.exec(result.output)?.[1]
    const place = /java\.home = (.+)/.exec(result.output)?.[1]?.trim()
    if (Number(version) >= OLDEST && place) return place
    tried.push(`${place ?? java} is ${version ?? 'unknown'}`)
  }
  throw new SetupError(
    `Trino needs Java ${OLDEST} or newer (${tried.join(', ') || 'there is none'}): install one and set JAVA_HOME to it.`,
  )
}

async function homes() {
  const named = Object.entries(process.env)
    .filter(([name]) => /^JAVA_HOME(_\d+)?$/.test(name))
    .map(([, home]) => home)
  const machine = existsSync(MACHINE_FOLDER)
    ? (await readdir(MACHINE_FOLDER)).sort().map((name) => join(MACHINE_FOLDER, name))
    : []
  return [...named, ...machine, '']
}
