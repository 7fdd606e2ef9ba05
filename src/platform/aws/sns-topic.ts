import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { NoticeTopic } from '../ports.ts'
import { clientSettings, opened, type AwsAccess } from './aws-access.ts'
import { failureOf } from './aws-error.ts'

/** The port, and the end of its connections. */
export interface SnsTopic extends NoticeTopic {
  close(): void
}

/** SNS takes 100 printable ASCII characters, the first of them no space. */
const MOST_SUBJECT = 100

/** A topic of SNS. */
export function openSnsTopic(access: AwsAccess, TopicArn: string): SnsTopic {
  const client = opened(access, new SNSClient(clientSettings(access)))
  return {
    target: TopicArn,
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
