import { messageOf } from '../../../core/errors.ts'
import type { NoticeTopic } from '../../../platform/ports.ts'
import { type Channel, SendFailure } from './channel.ts'
import { subjectOf, textOf } from './document-text.ts'

/**
 * The topic that the cloud's own alarms tell of their changes, to be tried by a test: of a real change it is told by the cloud,
 * and not by us.
 */
export function topicChannel(topic: NoticeTopic): Channel {
  return {
    name: 'sns',
    target: topic.target,
    async send(document) {
      try {
        await topic.publish({ subject: subjectOf(document), message: textOf(document) })
      } catch (error) {
        // The platform has tried again already where that may help.
        throw new SendFailure(messageOf(error), false)
      }
    },
  }
}
