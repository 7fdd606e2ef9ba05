import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import { messageOf } from '../../../core/errors.ts'
import { type Channel, SendFailure } from './channel.ts'
import { decoded, redactor, secretsOf } from './redact.ts'

/** Statuses that may pass by themselves. */
const PASSING = new Set([408, 425, 429])

/**
 * POSTs the document as JSON. Any 2xx has taken it; a redirect is not followed, so that the document goes nowhere but where
 * the operator said. With a `secret`, `X-Bikeshare-Signature: sha256=…` is the HMAC of the body.
 */
export function webhookChannel(o: {
  readonly url: string
  readonly secret: string | undefined
  readonly timeoutMs: number
}): Channel {
  const url = new URL(o.url)
  const clean = redactor([...secretsOf(url), o.secret])
  const { username, password } = url
  const target = new URL(url)
  target.username = ''
  target.password = ''
  const authorization =
    username === '' && password === ''
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`,
        }

  return {
    name: 'webhook',
    target: url.origin,
    async send(document) {
      const body = JSON.stringify(document)
      const signature =
        o.secret === undefined
          ? {}
          : { 'x-bikeshare-signature': `sha256=${createHmac('sha256', o.secret).update(body).digest('hex')}` }
      const agent = new Agent({ connect: { timeout: o.timeoutMs } })
      const signal = AbortSignal.timeout(o.timeoutMs)
      try {
        const answer = await request(target, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            'idempotency-key': document.id,
            'user-agent': 'bikeshare',
            ...authorization,
            ...signature,
          },
          dispatcher: agent,
          signal,
        })
        // Only the status counts; what follows may never end.
        answer.body.on('error', () => {}).destroy()
        const status = answer.statusCode
        if (status < 200 || status > 299)
          throw new SendFailure(`it answered ${status}`, status >= 500 || PASSING.has(status))
      } catch (error) {
        if (error instanceof SendFailure) throw error
        if (signal.aborted) throw new SendFailure(`no answer within ${o.timeoutMs / 1000} s`, false)
        throw new SendFailure(clean(messageOf(error)) || 'the connection failed', true)
      } finally {
        await agent.destroy()
      }
    },
  }
}
