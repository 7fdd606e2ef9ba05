import { HOUR_SECONDS } from '../../../core/time.ts'
import { sendAlarmActions } from '../../alarms/notify.ts'
import { heedSilences } from '../../alarms/silences.ts'
import { syncAlarms } from '../../alarms/sync-alarms.ts'
import type { JobResult, LakeRun } from '../job.ts'

/**
 * Evaluates every alarm as of a five-minute boundary, and sends what changed. Before it the alarms are brought to what is
 * deployed, every hour and whenever that has changed; after it what alarms do by themselves is brought to the silences.
 */
export async function alarmsJob({ city, platform, at, now, report, memory }: LakeRun): Promise<JobResult> {
  const deployed: string[] = []
  for await (const { key, etag } of platform.store.list('deployments/')) deployed.push(`${key} ${etag}`)
  const tags = deployed.join('\n')
  const namespace = city.settings.cw_custom_ns
  if (at % HOUR_SECONDS === 0 || memory.keep('deployments', () => '') !== tags)
    await syncAlarms(platform, { city: city.name, namespace, now: at, report })
  memory.swap('deployments', tags)
  await platform.alarms.evaluateAlarms(at)
  const sent = await sendAlarmActions(platform, {
    settings: city.settings.alarms,
    city: city.name,
    now,
    report,
    ...(city.env === undefined ? {} : { env: city.env }),
  })
  await heedSilences(platform, now)
  return sent.length === 0 ? { outcome: 'done' } : { outcome: 'done', note: `${sent.length} actions` }
}

/** Merges and ages the metrics. */
export async function maintainJob({ platform, now }: LakeRun): Promise<JobResult> {
  await platform.metrics.maintain(now)
  return { outcome: 'done' }
}
