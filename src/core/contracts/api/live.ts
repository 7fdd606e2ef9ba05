import { z } from 'zod'
import { momentSchema } from './common.ts'

/** What may change under an open page. */
export const LIVE_TOPICS = ['state', 'quality', 'alarms', 'releases', 'incidents', 'plans', 'clock'] as const
export type LiveTopic = (typeof LIVE_TOPICS)[number]

/**
 * One server-sent event: the topics of a city whose records changed. Its id counts up within one run of the server, named in
 * front (`RUN-7`); a client that comes back with `Last-Event-ID` gets what it missed, or `resync` when that is not known.
 */
export const liveEventSchema = z.strictObject({
  city: z.string(),
  topics: z.array(z.enum(LIVE_TOPICS)),
  now: momentSchema,
  /** Ask for everything again. */
  resync: z.boolean(),
})
export type LiveEvent = z.infer<typeof liveEventSchema>
