import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { clientSettings, opened, type AwsAccess } from './aws-access.ts'
import { failureOf } from './aws-error.ts'

/** A topic of SNS, which tells whoever has subscribed: mail, SMS, a queue, a function. */
export interface SnsTopic {
  /** Tells it; the subject is that of a mail, cut to what SNS takes. */
  publish(notice: { readonly subject: string; readonly message: string }): Promise<void>
  close(): void
}

/** SNS takes 100 printable ASCII characters, the first of them no space. */
const MOST_SUBJECT = 100

export function openSnsTopic(access: AwsAccess, TopicArn: string): SnsTopic {
  const client = opened(access, new SNSClient(clientSettings(access)))
  return {
    async publish({ subject, message }) {
      const Subject = subject
        .replaceAll(/[^\u0020-\u007e]+/g, ' ')
        .trim()
        .slice(0, MOST_SUBJECT)
      try {
        const command = new PublishCommand({
          TopicArn,
          Message: message,
          ...(Subject !== '' && { Subject }),
        })
        await client.send(command)
      } catch (error) {
        throw failureOf(error, { action: 'sns:Publish', resource: TopicArn })
      }
    },
    close: () => client.destroy(),
  }
}
