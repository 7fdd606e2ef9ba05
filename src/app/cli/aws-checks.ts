import { statusDays } from '../../data/lake/days.ts'
import { readLake } from '../../data/lake/lake-info.ts'
import { partSchedules } from '../../operations/scheduler/schedules.ts'
import type { Platform, Schedules } from '../../platform/ports.ts'
import { lakeText } from './lake-text.ts'

/** What `doctor` looks at of an account: each is reached, and says what it found. */
export function awsChecks(
  open: () => Promise<{ readonly city: string; readonly platform: Platform }>,
): readonly (readonly [name: string, look: () => Promise<string>])[] {
  return [
    [
      'lake in S3',
      async () => {
        const { city, platform } = await open()
        return lakeText(city, await readLake(platform.store))
      },
    ],
    [
      'Athena',
      async () => {
        const { city, platform } = await open()
        const last = (await statusDays(platform.store, city)).at(-1)
        if (last === undefined) {
          await platform.warehouse.rows({ name: 'doctor', sql: 'select 1 as one' })
          return 'answers; there is no day of status to ask for'
        }
        const [found] = await platform.warehouse.rows<{ rows: number }>({
          name: 'doctor',
          sql: 'select count(*) as rows from status',
          tables: { status: { dataset: 'station_status', city, dsFrom: last, dsTo: last } },
        })
        return `${found?.rows ?? 0} rows of status of ${last}`
      },
    ],
    [
      'SageMaker',
      async () => {
        const endpoints = await (await open()).platform.endpoints.listEndpoints()
        return endpoints.length === 0 ? 'no endpoint yet' : endpoints.map((e) => e.EndpointName).join(', ')
      },
    ],
    [
      'CloudWatch',
      async () => `${(await (await open()).platform.alarms.describeAlarms()).length} alarms of the city`,
    ],
  ]
}

/** Which parts of the jobs are started by the clock, as far as there are schedules. */
export async function schedulesText(schedules: Schedules): Promise<string> {
  const parts = await partSchedules(schedules)
  const those = (of: string, is: (state: string | undefined) => boolean): string[] => {
    const names = parts.filter(({ schedule }) => is(schedule?.state)).map(({ part }) => part)
    return names.length > 0 ? [`${of}: ${names.join(', ')}`] : []
  }
  return [
    ...those('on', (state) => state === 'ENABLED'),
    ...those('paused', (state) => state === 'DISABLED'),
    ...those('not there', (state) => state === undefined),
  ].join('; ')
}
