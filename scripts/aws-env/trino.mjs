import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../setup/lock.mjs'
import { SetupError } from '../setup/progress.mjs'
import { run, tail } from '../setup/run.mjs'
import { unzip } from '../setup/wheel.mjs'
import { awsCache } from './cache.mjs'

const VERSION = '476'
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'

/** The server without plugins, and the one plugin that is needed: its Hive connector, which reads Glue and S3. */
const SERVER = {
  artifact: 'trino-server-core',
  type: 'tar.gz',
  sha256: '0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158',
}
const HIVE = {
  artifact: 'trino-hive',
  type: 'zip',
  sha256: '611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e',
}

/** Installs Trino; resolves to its folder. An archive that was fetched whole is not fetched again. */
export async function installTrino(progress) {
  const folder = awsCache(`trino-${VERSION}`)
  if (existsSync(join(folder, '.complete'))) return folder
  await withLock('trino', folder, async () => {
    if (!existsSync(join(folder, '.complete'))) await make(folder, progress)
  })
  return folder
}

async function make(folder, progress) {
  await mkdir(awsCache('archives'), { recursive: true })
  const server = await fetched(SERVER, progress)
  const hive = await fetched(HIVE, progress)
  const work = await mkdtemp(awsCache('.tmp-'))
  try {
    await progress.step('Unpacking Trino', async () => {
      const args = ['-xzf', server, '-C', work, '--strip-components=1', '--exclude=*/plugin/*']
      const result = await run('tar', args)
      if (!result.ok) throw new SetupError(`tar could not unpack ${server}: ${tail(result.output, 2)}`)
      await rm(join(work, 'plugin'), { recursive: true, force: true })
      await unzip(hive, join(work, 'unzipped'), () => true)
      await mkdir(join(work, 'plugin'))
      await rename(join(work, 'unzipped', `trino-hive-${VERSION}`), join(work, 'plugin', 'hive'))
      await rm(join(work, 'unzipped'), { recursive: true })
    })
    await writeFile(join(work, '.complete'), '')
    await rm(folder, { recursive: true, force: true })
    await rename(work, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  await rm(awsCache('archives'), { recursive: true, force: true })
}

/** Path of an archive with the right content, fetched by Maven unless it is there. */
async function fetched({ artifact, type, sha256 }, progress) {
  const name = `${artifact}-${VERSION}.${type}`
  const path = join(awsCache('archives'), name)
  if (existsSync(path) && (await hashOf(path)) === sha256) return path
  const work = await mkdtemp(awsCache('.tmp-'))
  try {
    const coordinates = `io.trino:${artifact}:${VERSION}:${type}`
    const args = ['-B', '-q', COPY, `-Dartifact=${coordinates}`, `-DoutputDirectory=${work}`]
    const result = await progress.step(`Fetching ${name} (200 to 260 MB)`, () => run('mvn', args))
    if (result.missing) throw new SetupError('Maven (mvn) is missing: install it, to fetch Trino.')
    if (!result.ok) throw new SetupError(`Maven could not fetch ${coordinates}: ${tail(result.output, 2)}`)
    const [file] = (await readdir(work)).filter((entry) => entry.endsWith(`.${type}`))
    if (!file) throw new SetupError(`Maven fetched no file for ${coordinates}`)
    const hash = await hashOf(join(work, file))
    if (hash !== sha256)
      throw new SetupError(`${name} has the sha256 ${hash} instead of ${sha256}: it is not what was tested.`)
    await rename(join(work, file), path)
    return path
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function hashOf(path) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
