import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A mail as it came in. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

/** Just enough of an SMTP server to take mail. */
export interface SmtpServer {
  readonly port: number
  readonly mails: ReceivedMail[]
  /** What each client said, in order, without the mails themselves. */
  readonly lines: string[]
  close(): Promise<void>
}

/**
 * Opens one on all addresses of this machine. `offers`: extensions that it names, such as `AUTH PLAIN`; `refuses`: its reply to a command, such
 * as `{ AUTH: '535 no' }`; one that is silent never greets.
 */
export async function openSmtpServer(
  o: { offers?: readonly string[]; refuses?: Readonly<Record<string, string>>; silent?: boolean } = {},
): Promise<SmtpServer> {
  const mails: ReceivedMail[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    if (o.silent) return
    const say = (line: string): boolean => socket.write(`${line}\r\n`)
    let mail = { from: '', to: [] as string[] }
    let data: string | undefined
    let rest = ''
    const take = (line: string): void => {
      if (data !== undefined) {
        if (line !== '.') {
          data += `${line}\n`
          return
        }
        mails.push({ ...mail, text: data })
        data = undefined
        mail = { from: '', to: [] }
        say('250 taken')
        return
      }
      lines.push(line)
      const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? ''
      const refusal = o.refuses?.[verb]
      if (refusal !== undefined) say(refusal)
      else if (verb === 'EHLO')
        ['127.0.0.1', ...(o.offers ?? [])].forEach((name, i, all) =>
          say(`250${i < all.length - 1 ? '-' : ' '}${name}`),
        )
      else if (verb === 'AUTH') say('235 welcome')
      else if (verb === 'MAIL' || verb === 'RCPT') {
        const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
        if (verb === 'MAIL') mail.from = address
        else mail.to.push(address)
        say('250 fine')
      } else if (verb === 'DATA') {
        data = ''
        say('354 go on')
      } else if (verb === 'QUIT') {
        say('221 bye')
        socket.end()
      } else say('502 what')
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\r\n')
      rest = parts.pop() ?? ''
      parts.forEach(take)
    })
    say('220 test')
  })
  await new Promise<void>((ready) => server.listen(0, '0.0.0.0', ready))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    lines,
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}
