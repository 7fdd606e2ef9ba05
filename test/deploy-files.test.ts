import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Command } from 'commander'
import { CATALOGUE } from '../src/app/cli/catalogue.ts'
import { configSchema } from '../src/core/config/schema.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (name: string): Promise<string> => readFile(join(ROOT, 'deploy', name), 'utf8')

/** The long options of a command of the catalogue; undefined for one that is not there. */
async function optionsOf(name: string): Promise<string[] | undefined> {
  const entry = CATALOGUE.find((candidate) => candidate.name === name)
  if (!entry) return undefined
  const command = new Command(name)
  ;(await entry.load()).command.build(command, () => () => Promise.resolve())
  return command.options.map(({ long }) => long ?? '')
}

/** Command, then options, of an argument list. */
async function expectCommand(words: readonly string[]): Promise<void> {
  const [name = '', ...rest] = words
  const options = await optionsOf(name)
  if (!options) throw new Error(`there is no command "${name}"`)
  for (const word of rest.filter((text) => text.startsWith('--'))) expect(options).toContain(word)
}

describe('the files of deploy/', () => {
  it('the systemd unit starts a command that there is, not as root and with the lake its only writable place', async () => {
    const unit = await read('bikeshare.service')
    const start = /^ExecStart=\S*\/bikeshare (.+)$/m.exec(unit)?.[1] ?? ''
    await expectCommand(start.split(' '))
    for (const line of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'Restart=always'])
      expect(unit.split('\n')).toContain(line)
    expect(unit).not.toMatch(/^User=root$/m)
    expect(unit).toMatch(/^StateDirectory=bikeshare$/m)
  })

  it('the Compose file starts a command that there is, read-only, and publishes on loopback alone', async () => {
    const compose = await read('compose.yaml')
    const list = /command: \[(.+)\]/.exec(compose)?.[1] ?? ''
    await expectCommand([...list.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? ''))
    expect(compose).toContain('read_only: true')
    const ports = [...compose.matchAll(/ports: \[(.+)\]/g)].flatMap((match) => (match[1] ?? '').split(','))
    expect(ports.length).toBeGreaterThan(0)
    const { port } = configSchema.parse({}).run
    for (const published of ports) expect(published.trim()).toBe(`'127.0.0.1:${port}:${port}'`)
    expect(compose).toContain(`http://127.0.0.1:${port}/healthz`)
    const dockerfile = /dockerfile: (\S+)/.exec(compose)?.[1] ?? ''
    expect(await read(dockerfile.replace('deploy/', ''))).toMatch(/^USER node$/m)
  })
})
