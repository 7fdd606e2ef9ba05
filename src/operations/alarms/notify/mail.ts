import { createTransport } from 'nodemailer'
import { messageOf } from '../../../core/errors.ts'
import { type Channel, SendFailure } from './channel.ts'
import { subjectOf, textOf } from './document-text.ts'
import { decoded, redactor, secretsOf } from './redact.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Mails the document by SMTP (`smtp://`, with STARTTLS where the server has it) or SMTPS (`smtps://`). A password is sent only
 * over TLS, or to this machine. Its id is the Message-ID, so that a second copy can be told.
 */
export function mailChannel(o: {
  readonly url: string
  readonly from: string
  readonly to: readonly string[]
  readonly timeoutMs: number
}): Channel {
  const url = new URL(o.url)
  const secure = url.protocol === 'smtps:'
  const clean = redactor(secretsOf(url))
  const { username, password } = url
  return {
    name: 'mail',
    target: `${url.protocol}//${url.host}, ${o.to.length} recipients`,
    async send(document) {
      const transport = createTransport({
        host: url.hostname.replaceAll(/^\[|\]$/g, ''),
        port: Number(url.port) || (secure ? 465 : 587),
        secure,
        ...(username !== '' && { auth: { user: decoded(username), pass: decoded(password) } }),
        requireTLS: !secure && username !== '' && !LOOPBACK.has(url.hostname),
        connectionTimeout: o.timeoutMs,
        greetingTimeout: o.timeoutMs,
        socketTimeout: o.timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const late = new SendFailure(`not taken within ${o.timeoutMs / 1000} s`, false)
      const signal = AbortSignal.timeout(o.timeoutMs)
      try {
        await Promise.race([
          transport.sendMail({
            from: o.from,
            to: [...o.to],
            subject: subjectOf(document),
            text: textOf(document),
            messageId: `<${document.id}@bikeshare.invalid>`,
            headers: { 'X-Bikeshare-Alarm': document.alarm, 'X-Bikeshare-Id': document.id },
          }),
          new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(late))),
        ])
      } catch (error) {
        if (error instanceof SendFailure) throw error
        throw new SendFailure(clean(messageOf(error)), isPassing(error))
      } finally {
        transport.close()
      }
    },
  }
}

/** A refusal by a 5xx reply is final; anything else may pass. */
function isPassing(error: unknown): boolean {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined
  return typeof code !== 'number' || code < 500
}
