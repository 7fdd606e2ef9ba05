import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stumpModel } from '../../test/support/stump-model.ts'
import { freePort } from '../../test/aws/environment/child.ts'

/** What scripts/container-check.mjs says of the last stage. */
interface Built {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly workdir: string
}

const checkout = join(import.meta.dirname, '../..')
const ROW = `0.9${','.repeat(24)}`
/** Of the image of Node. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** SageMaker's. */
const PING_MS = 2000

// The steps are run by chroot, in a root folder with Debian's packages from its mirror.
const mayBe = process.getuid?.() === 0
if (!mayBe) process.stderr.write('not covered, for want of root: the steps of deploy/Dockerfile\n')

describe.skipIf(!mayBe)('the steps of deploy/Dockerfile, in fresh root folders', () => {
  let folder: string
  let built: Built
  const started = new Set<ChildProcess>()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bikeshare-model-'))
    const file = join(folder, 'built.json')
    const known = process.env['BUILT_CONTAINER']
    if (known === undefined) {
      const build = spawn(process.execPath, ['scripts/container-check.mjs', '--keep-in', file], {
        cwd: checkout,
        stdio: 'inherit',
      })
      const [code] = (await once(build, 'close')) as [number | null]
      if (code !== 0) throw new Error('the root folder could not be made')
    }
    built = JSON.parse(await readFile(known ?? file, 'utf8')) as Built
    for (const name of ['opt/ml/model', 'data']) await mkdir(join(built.root, name), { recursive: true })
  }, 1_800_000)
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL')
    if (built && process.env['BUILT_CONTAINER'] === undefined)
      await rm(join(built.root, '..'), { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  })

  /** Starts the image as `docker run --read-only --tmpfs /tmp` would; with a folder, that is at /opt/ml/model. */
  const start = (args: readonly string[], o: { model?: string; env?: Record<string, string> } = {}) => {
    const { root } = built
    const mounts = [
      `mount --bind ${root} ${root}`,
      ...(o.model === undefined
        ? [`mount -t tmpfs tmpfs ${root}/opt`]
        : [`mount --bind ${o.model} ${root}/opt/ml/model`]),
      `mount -o remount,bind,ro ${root}`,
      `mount -t tmpfs tmpfs ${root}/tmp`,
      `mount -t proc proc ${root}/proc`,
      `mount --bind /dev ${root}/dev`,
    ]
    const chroot = `exec chroot --userspec=${built.user} ${root} "$@"`
    const child = spawn(
      'unshare',
      [
        '--mount',
        '/bin/sh',
        '-c',
        `set -e; ${mounts.join('; ')}; ${chroot}`,
        'sh',
        ...built.entrypoint,
        ...args,
      ],
      {
        env: { PATH, HOME: '/home/node', ...built.env, ...o.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    started.add(child)
    let output = ''
    const keep = (chunk: Buffer): void => void (output += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    return {
      child,
      ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })),
      output: () => output,
    }
  }

  it('say what the image runs, as whom, and leave nothing of this machine in it', async () => {
    expect(built).toMatchObject({ user: 'node', workdir: '/app', cmd: ['--help'] })
    expect(built.entrypoint).toEqual(['node', '/app/deploy/container.mjs'])
    for (const name of ['root/.npmrc', 'usr/local/etc/npmrc', 'app/src', 'app/.npmrc', 'app/.git'])
      await expect(access(join(built.root, name))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('print the help of the command line, on a read-only root', async () => {
    const { code, output } = await start(built.cmd).ended
    expect([code, output]).toEqual([0, expect.stringContaining('Usage: bikeshare')])
  })

  it('serve a model as SageMaker asks for it, and drain at SIGTERM', async () => {
    const model = join(folder, 'model')
    await mkdir(model)
    await writeFile(join(model, 'xgboost-model'), stumpModel({ low: 0.1, high: 0.9 }))
    await chmod(folder, 0o755)
    const port = await freePort()
    const served = start(['serve'], { model, env: { SAGEMAKER_BIND_TO_PORT: String(port) } })
    const url = `http://127.0.0.1:${port}`
    const until = performance.now() + 60_000
    while (
      !/"listening"/.test(served.output()) &&
      served.child.exitCode === null &&
      performance.now() < until
    )
      await sleep(50)
    expect(served.output()).toContain('"listening"')
    const ping = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(PING_MS) })
    expect(ping.status).toBe(200)
    const post = (accept: string): Promise<Response> =>
      fetch(`${url}/invocations`, {
        method: 'POST',
        body: `${ROW}\n${ROW}\n`,
        headers: { 'content-type': 'text/csv', accept },
      })
    expect(await (await post('text/csv')).text()).toBe('0.899999976\n0.899999976')
    expect(await (await post('application/json')).json()).toEqual({
      predictions: [{ score: 0.899999976 }, { score: 0.899999976 }],
    })
    const status = await readFile(`/proc/${served.child.pid}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe('1000')
    served.child.kill('SIGTERM')
    expect(await served.ended).toMatchObject({ code: 0 })
  })

  it('write nothing but below /tmp', async () => {
    const script =
      "const fs=require('fs');fs.writeFileSync('/tmp/x','');try{fs.writeFileSync('/app/x','')}catch(e){console.log(e.code)}"
    const { output } = await startNode(script)
    expect(output.trim()).toBe('EROFS')
  })

  const startNode = (script: string) => {
    const { entrypoint, ...rest } = built
    built = { ...rest, entrypoint: [entrypoint[0] ?? 'node', '-e', script] }
    const { ended } = start([])
    built = { ...rest, entrypoint }
    return ended
  }
})
