import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../../core/config/schema.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import type { NoticeTopic } from '../../../platform/ports.ts'
import { testDocument } from './action-document.ts'
import { channelsOf } from './channels-of.ts'
import { deliver, type Delivery, type Wait } from './deliver.ts'
import { topicChannel } from './topic.ts'

/** How a test document went. */
export interface TestDelivery extends Delivery {
  readonly channel: string
  readonly target: string
}

/**
 * Sends a test document for an alarm through every channel of the settings, all at once, and to the topic that the cloud's own
 * alarms tell.
 */
export async function testActions(o: {
  readonly settings: Config['alarms']
  readonly city: string
  readonly alarm: string
  readonly now: EpochSeconds
  readonly env: Readonly<Record<string, string | undefined>>
  readonly topic?: NoticeTopic | undefined
  readonly wait?: Wait
}): Promise<{ deliveries: TestDelivery[]; problems: readonly string[] }> {
  const { channels, problems } = channelsOf(o.settings, o.env)
  const document = testDocument(o.city, o.alarm, o.now)
  const deliveries = await Promise.all(
    [...channels, ...(o.topic ? [topicChannel(o.topic)] : [])].map(async (channel) => ({
      channel: channel.name,
      target: channel.target,
      ...(await deliver(channel, document, { retries: o.settings.retries, wait: o.wait ?? sleep })),
    })),
  )
  return { deliveries, problems }
}
