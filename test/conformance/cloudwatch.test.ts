import { openCloudWatchSubject } from '../aws/servers/cloudwatch/subject.ts'
import { alarmStoreSuite, NOON } from './alarm-store.ts'
import { metricStoreSuite } from './metric-store.ts'

/** Small pages, so that every list has several. */
const PAGE = 7

metricStoreSuite('CloudWatch, by its own protocol', (now) =>
  openCloudWatchSubject({ now, pageSize: PAGE, checksTimes: true }),
)

alarmStoreSuite('CloudWatch, by its own protocol', async () => {
  const subject = await openCloudWatchSubject({ now: NOON, pageSize: PAGE })
  const { alarms, evaluator } = subject
  return {
    ...subject,
    alarms: {
      ...alarms,
      // CloudWatch evaluates by itself and dates by its own clock: here the suite is both.
      evaluateAlarms: (now) => evaluator.evaluateAlarms(now),
      async setAlarmState(input) {
        subject.at(input.now)
        await alarms.setAlarmState(input)
      },
    },
  }
})
