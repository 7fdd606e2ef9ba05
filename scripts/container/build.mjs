import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { SetupError } from '../setup/progress.mjs'
import { run, tail } from '../setup/run.mjs'
import { commandOf, stagesOf } from './dockerfile.mjs'

/** How this machine reaches its package registries; in the root for as long as a step runs. */
const REGISTRY_FILES = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/ssl/certs/ca-certificates.crt',
  '/usr/local/etc/npmrc',
  '/etc/apt/apt.conf.d/99artifact-registry',
]

/**
 * Does what deploy/Dockerfile says, each stage in a copy of the folder `base`. Resolves to the last stage:
 * `{ root, env, user, entrypoint, cmd, workdir, remove }`.
 */
export async function buildRoot({ checkout, base, progress }) {
  const stages = stagesOf(await readFile(join(checkout, 'deploy/Dockerfile'), 'utf8'))
  const folder = await mkdtemp(join(tmpdir(), 'bikeshare-image-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const made = new Map()
  try {
    for (const [i, stage] of stages.entries()) {
      const root = join(folder, `stage-${i}`)
      if (!/^node:20-bookworm-slim$/.test(stage.base))
        throw new SetupError(`deploy/Dockerfile is built on ${stage.base}, which has no stand-in here`)
      await must('cp', ['-a', base, root])
      const state = { root, env: {}, user: 'root', workdir: '/', entrypoint: [], cmd: [] }
      for (const step of stage.steps)
        await progress.step(`${stage.name}: ${step.word} ${step.rest.slice(0, 60)}`, () =>
          doStep(state, step, { checkout, made }),
        )
      made.set(stage.name, state)
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { ...[...made.values()].at(-1), remove }
}

async function doStep(state, { word, rest }, { checkout, made }) {
  switch (word) {
    case 'WORKDIR':
      state.workdir = rest
      return mkdir(join(state.root, rest), { recursive: true })
    case 'COPY':
      return copy(state, rest, { checkout, made })
    case 'RUN':
      return runStep(state, rest)
    case 'ENV':
      Object.assign(state.env, Object.fromEntries([rest.split('=')]))
      return undefined
    case 'USER':
      state.user = rest
      return undefined
    case 'ENTRYPOINT':
      state.entrypoint = commandOf(rest)
      return undefined
    case 'CMD':
      state.cmd = commandOf(rest)
      return undefined
    case 'VOLUME':
    case 'EXPOSE':
      return undefined
    default:
      throw new SetupError(`deploy/Dockerfile has ${word}, which is not known here`)
  }
}

async function copy(state, rest, { checkout, made }) {
  const words = rest.split(/\s+/)
  const from = words[0]?.startsWith('--from=') ? made.get(words.shift().slice(7)) : undefined
  const target = words.pop()
  const into = join(state.root, target.startsWith('/') ? target : join(state.workdir, target))
  const keeps = from ? () => true : await ignored(checkout)
  for (const word of words) {
    const source = from ? join(from.root, word) : join(checkout, word)
    // A folder's content goes into the target, a file into a folder or to a name.
    const isFile = target.endsWith('/') || words.length > 1
    await mkdir(isFile ? into : dirname(into), { recursive: true })
    await cp(source, isFile ? join(into, basename(word)) : into, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => keeps(path),
    })
  }
}

/** What .dockerignore leaves of the checkout. */
async function ignored(checkout) {
  const patterns = (await readFile(join(checkout, '.dockerignore'), 'utf8'))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const expressions = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
          .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'))}$`,
      ),
  )
  return (path) => !expressions.some((expression) => expression.test(relative(checkout, path)))
}

async function runStep({ root, env, workdir, user }, rest) {
  const borrowed = await borrowRegistries(root)
  try {
    const mounts = [`mount -t proc proc ${root}/proc`, `mount --bind /dev ${root}/dev`]
    const inside = `cd ${workdir} && ${rest}`
    const variables = {
      HOME: '/root',
      PATH: PATHS,
      DEBIAN_FRONTEND: 'noninteractive',
      ...certificates(),
      ...env,
    }
    const script = `${mounts.join(' && ')} && exec chroot --userspec=${user} ${root} /bin/sh -c "$STEP"`
    const result = await run('unshare', ['--mount', '/bin/sh', '-c', script], {
      env: { ...variables, STEP: inside },
    })
    if (!result.ok) throw new SetupError(`RUN ${rest}: ${tail(result.output)}`)
  } finally {
    await borrowed.giveBack()
  }
}

export const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** For Node; the file is this machine's own, in the same place. */
const certificates = () =>
  process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' } : {}

/** Puts this machine's settings of its registries into the root; `giveBack` leaves it as it was. */
async function borrowRegistries(root) {
  const files = [
    ...REGISTRY_FILES.map((path) => [path, path]),
    [join(homedir(), '.npmrc'), join('/root', '.npmrc')],
  ].filter(([path]) => existsSync(path))
  const before = []
  for (const [path, inside] of files) {
    const place = join(root, inside)
    before.push([place, existsSync(place) ? await readFile(place) : undefined])
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, await readFile(path))
  }
  return {
    async giveBack() {
      for (const [place, content] of before)
        if (content === undefined) await rm(place, { force: true })
        else await writeFile(place, content)
    },
  }
}

async function must(command, args) {
  const result = await run(command, args)
  if (!result.ok) throw new SetupError(`${command} ${args.join(' ')}: ${tail(result.output, 2)}`)
}
