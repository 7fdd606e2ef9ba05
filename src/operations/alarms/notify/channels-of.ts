import type { Config } from '../../../core/config/schema.ts'
import type { Channel } from './channel.ts'
import { commandChannel } from './command.ts'
import { mailChannel } from './mail.ts'
import { webhookChannel } from './webhook.ts'

/** The channels of the settings, and what is wrong with those that cannot be used. */
export interface Channels {
  readonly channels: readonly Channel[]
  readonly problems: readonly string[]
}

/** Makes the channels that `[alarms]` asks for; `env` is the environment of the command. */
export function channelsOf(
  settings: Config['alarms'],
  env?: Readonly<Record<string, string | undefined>>,
): Channels {
  const timeoutMs = settings.timeout_seconds * 1000
  const channels: Channel[] = []
  const problems: string[] = []
  if (settings.webhook_url !== undefined)
    channels.push(webhookChannel({ url: settings.webhook_url, secret: settings.webhook_secret, timeoutMs }))
  if (settings.smtp_url !== undefined) {
    if (settings.mail_from === undefined || settings.mail_to.length === 0)
      problems.push('alarms.smtp_url is set without alarms.mail_from and alarms.mail_to: no mail is sent')
    else
      channels.push(
        mailChannel({ url: settings.smtp_url, from: settings.mail_from, to: settings.mail_to, timeoutMs }),
      )
  }
  if (settings.command !== undefined && settings.command.length > 0)
    channels.push(commandChannel({ command: settings.command, env, timeoutMs }))
  return { channels, problems }
}
