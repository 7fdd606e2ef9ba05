import { createHmac } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { alarmSettings, NOON } from '../../../../test/support/alarm-platform.ts'
import { openHookServer } from '../../../../test/support/hook-server.ts'
import { openSmtpServer } from '../../../../test/support/smtp-server.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import type { Config } from '../../../core/config/schema.ts'
import { testDocument } from './action-document.ts'
import { channelsOf } from './channels-of.ts'
import { deliver, type Delivery } from './deliver.ts'
import { redactor, secretsOf } from './redact.ts'
import { testActions } from './test-actions.ts'

const DOCUMENT = testDocument('nyc', 'prod-endpoint-5xx-crit', NOON)
const TRY = {
  settings: alarmSettings({ retries: 3 }),
  city: 'nyc',
  alarm: 'prod-endpoint-5xx-crit',
  now: NOON,
  env: {},
}
const PASSWORD = 'hunter2-hunter2'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close()
})
async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const server = await opening
  closing.push(server)
  return server
}

interface Sent extends Delivery {
  readonly target: string
  readonly waits: readonly number[]
}

/** Delivers the document by the one channel of the settings. */
async function send(settings: Partial<Config['alarms']>, retries = 0): Promise<Sent> {
  const { channels, problems } = channelsOf(alarmSettings(settings))
  const [channel] = channels
  if (!channel) throw new Error(problems.join())
  const waits: number[] = []
  const wait = (ms: number): Promise<void> => {
    waits.push(ms)
    return Promise.resolve()
  }
  return { ...(await deliver(channel, DOCUMENT, { retries, wait })), target: channel.target, waits }
}

describe('a webhook', () => {
  it('gets the document by POST, with its id and a signature', async () => {
    const server = await opened(openHookServer(204))
    expect(
      await send({ webhook_url: `${server.url}hook?key=${PASSWORD}`, webhook_secret: 'a secret' }),
    ).toMatchObject({
      tries: 1,
      error: null,
    })
    const [request] = server.requests
    expect(JSON.parse(request?.body ?? '')).toEqual(DOCUMENT)
    expect(request?.path).toBe(`/hook?key=${PASSWORD}`)
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': DOCUMENT.id,
      'x-bikeshare-signature': `sha256=${createHmac('sha256', 'a secret')
        .update(request?.body ?? '')
        .digest('hex')}`,
    })
  })

  it('takes who and the password from the address, and sends no signature without a secret', async () => {
    const server = await opened(openHookServer(200))
    await send({ webhook_url: `http://us%65r:p%40ss@127.0.0.1:${server.port}/` })
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    })
    expect(server.requests[0]?.headers).not.toHaveProperty('x-bikeshare-signature')
  })

  it('is tried again, with growing pauses, while it answers 500, and not when it has taken the document', async () => {
    const server = await opened(openHookServer(500, 503, 429, 200))
    const sent = await send({ webhook_url: server.url }, 4)
    expect(sent).toMatchObject({ tries: 4, error: null, waits: [500, 1000, 2000] })
    expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set([DOCUMENT.id]),
    )
  })

  it('fails after its retries', async () => {
    const server = await opened(openHookServer(500))
    expect(await send({ webhook_url: server.url }, 2)).toMatchObject({ tries: 3, error: 'it answered 500' })
    expect(server.requests).toHaveLength(3)
  })

  it.each([400, 401, 404, 410])('is not tried again at once when it answers %s', async (status) => {
    const server = await opened(openHookServer(status))
    expect(await send({ webhook_url: server.url }, 4)).toMatchObject({
      tries: 1,
      error: `it answered ${status}`,
    })
  })

  it('is followed nowhere', async () => {
    const elsewhere = await opened(openHookServer(200))
    const server = await opened(openHookServer({ redirect: elsewhere.url }))
    expect(await send({ webhook_url: server.url }, 4)).toMatchObject({ tries: 1, error: 'it answered 302' })
    expect(elsewhere.requests).toEqual([])
  })

  it('that hangs is left after its timeout, and not tried again at once', async () => {
    const server = await opened(openHookServer('hang'))
    expect(await send({ webhook_url: server.url, timeout_seconds: 0.05 }, 4)).toMatchObject({
      tries: 1,
      error: 'no answer within 0.05 s',
    })
  })

  it('that nobody listens for says so, without anything secret', async () => {
    const server = await openHookServer(200)
    await server.close()
    const sent = await send(
      { webhook_url: `http://user:${PASSWORD}@127.0.0.1:${server.port}/${PASSWORD}?k=${PASSWORD}` },
      1,
    )
    expect(sent.tries).toBe(2)
    expect(sent.error).toContain('ECONNREFUSED')
    expect(sent.target).toBe(`http://127.0.0.1:${server.port}`)
    expect(JSON.stringify(sent)).not.toContain('hunter')
  })
})

describe('mail', () => {
  const mailTo = (url: string, more: Partial<Config['alarms']> = {}): Partial<Config['alarms']> => ({
    smtp_url: url,
    mail_from: 'bikes@example.org',
    mail_to: ['ana@example.org', 'ben@example.org'],
    ...more,
  })

  it('reaches everybody, with the document and its id', async () => {
    const server = await opened(openSmtpServer())
    expect(await send(mailTo(`smtp://127.0.0.1:${server.port}`))).toMatchObject({ tries: 1, error: null })
    const [mail] = server.mails
    expect(mail).toMatchObject({ from: 'bikes@example.org', to: ['ana@example.org', 'ben@example.org'] })
    expect(mail?.text).toContain('Subject: [test] ALARM: prod-endpoint-5xx-crit (nyc)')
    expect(mail?.text).toContain(`Message-ID: <${DOCUMENT.id}@bikeshare.invalid>`)
    expect(mail?.text).toContain('docs/runbook.md#prod-endpoint-5xx-crit')
  })

  it('signs in with who and the password of the address', async () => {
    const server = await opened(openSmtpServer({ offers: ['AUTH PLAIN'] }))
    await send(mailTo(`smtp://ana:p%40ss@127.0.0.1:${server.port}`))
    expect(server.lines).toContain(`AUTH PLAIN ${Buffer.from('\0ana\0p@ss').toString('base64')}`)
    expect(server.mails).toHaveLength(1)
  })

  it('is not sent without TLS when that would show a password to others', async () => {
    const server = await opened(openSmtpServer({ offers: ['AUTH PLAIN'] }))
    // The whole of 127.0.0.0/8 is this machine, but only 127.0.0.1 is known to be.
    const sent = await send(mailTo(`smtp://ana:${PASSWORD}@127.0.0.2:${server.port}`))
    expect(sent.error).toContain('STARTTLS')
    expect(server.lines.some((line) => line.startsWith('EHLO'))).toBe(true)
    expect(server.lines.join('\n')).not.toContain('AUTH')
  })

  it('keeps the password out of what it says of a refusal', async () => {
    const server = await opened(
      openSmtpServer({ offers: ['AUTH PLAIN'], refuses: { AUTH: `535 ${PASSWORD} is not the password` } }),
    )
    const sent = await send(mailTo(`smtp://ana:${PASSWORD}@127.0.0.1:${server.port}`), 3)
    expect(sent.tries).toBe(1)
    expect(sent.error).toContain('535')
    expect(JSON.stringify(sent)).not.toContain('hunter')
  })

  it('is tried again after a refusal that may pass', async () => {
    const server = await opened(openSmtpServer({ refuses: { MAIL: '451 later' } }))
    expect(await send(mailTo(`smtp://127.0.0.1:${server.port}`), 2)).toMatchObject({ tries: 3 })
  })

  it('to a server that never greets is left after its timeout', async () => {
    const server = await opened(openSmtpServer({ silent: true }))
    const sent = await send(mailTo(`smtp://127.0.0.1:${server.port}`, { timeout_seconds: 0.05 }))
    expect(sent.error).not.toBeNull()
  })

  it('without a sender or anybody to send it to is a problem to be told', () => {
    const { channels, problems } = channelsOf(alarmSettings({ smtp_url: 'smtp://mail' }))
    expect([channels.length, problems.length]).toEqual([0, 1])
  })
})

describe('a command', () => {
  it('gets the document on its standard input, and its arguments as they are', async () => {
    const folder = await tempDir()
    const script = `let s = ''
process.stdin.on('data', (d) => (s += d)).on('end', () => require('fs').writeFileSync(process.argv[1], process.argv[2] + s))`
    const out = join(folder, 'out')
    const argument = '$(touch nothing); "quoted"'
    expect(await send({ command: [process.execPath, '-e', script, out, argument] })).toMatchObject({
      error: null,
    })
    expect(await readFile(out, 'utf8')).toBe(argument + JSON.stringify(DOCUMENT))
  })

  it('is tried again when it ends with another code than 0', async () => {
    const sent = await send({ command: [process.execPath, '-e', 'process.exit(7)', PASSWORD] }, 1)
    expect(sent).toMatchObject({ tries: 2, error: 'it ended with 7', target: 'node' })
  })

  it('that is not there, or is no program, is said to be so', async () => {
    const folder = await tempDir()
    await writeFile(join(folder, 'plain'), 'x')
    expect(await send({ command: [join(folder, 'nothing')] }, 3)).toMatchObject({
      tries: 1,
      error: 'it cannot be started (ENOENT)',
    })
    expect(await send({ command: [join(folder, 'plain')] }, 3)).toMatchObject({ tries: 1 })
  })

  it('that does not read its input may still take it', async () => {
    expect(await send({ command: ['true'] })).toMatchObject({ error: null })
  })

  it('that does not end is killed with what it started', async () => {
    const out = join(await tempDir(), 'pid')
    const sent = await send({
      command: ['sh', '-c', 'sleep 60 & echo $! > "$0"; sleep 60', out],
      timeout_seconds: 0.5,
    })
    expect(sent).toMatchObject({ tries: 1, error: 'not done within 0.5 s' })
    const pid = Number(await readFile(out, 'utf8'))
    expect(pid).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false))
  })
})

/** False once it has ended, even if nobody has asked for its exit code yet. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat !== undefined && !/\) Z /.test(stat)
}

describe('a topic', () => {
  const target = 'arn:aws:sns:ca-central-1:000000000000:bikeshare-alarms'

  it('gets a test document as a mail would, once', async () => {
    const notices: { subject: string; message: string }[] = []
    const topic = {
      target,
      publish: async (notice: { subject: string; message: string }) => void notices.push(notice),
    }
    const { deliveries } = await testActions({ ...TRY, topic })
    expect(deliveries).toEqual([{ channel: 'sns', target, tries: 1, error: null }])
    expect(notices).toMatchObject([
      {
        subject: '[test] ALARM: prod-endpoint-5xx-crit (nyc)',
        message: expect.stringContaining('"kind": "test"'),
      },
    ])
  })

  it('that refuses it is tried no further: the platform has done so', async () => {
    const topic = { target, publish: () => Promise.reject(new Error('AWS does not allow sns:Publish')) }
    const { deliveries } = await testActions({ ...TRY, topic })
    expect(deliveries).toMatchObject([{ tries: 1, error: 'AWS does not allow sns:Publish' }])
  })
})

describe('what is told of a failure', () => {
  it('has no secret of the address, as written or as meant, and no control characters', () => {
    const url = new URL('https://ana:p%40ss-word@example.org/services/T000/B1234567?token=tok%20en&x=1')
    const clean = redactor(secretsOf(url))
    const told = clean(`${url.href} p@ss-word p%40ss-word tok en /services/T000/B1234567 \u001b[31m\nred`)
    for (const secret of ['p@ss', 'p%40', 'tok en', 'T000', 'B1234567', '\u001b', '\n'])
      expect(told).not.toContain(secret)
    expect(told).toContain('red')
  })

  it('is short', () => {
    expect(redactor([])('x'.repeat(10_000))).toHaveLength(300)
  })
})
