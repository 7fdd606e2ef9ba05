import type { AwsAccess } from '../../../../src/platform/aws/aws-access.ts'
import {
  openCloudWatchAlarms,
  type CloudWatchAlarms,
  type CloudWatchAlarmsOptions,
} from '../../../../src/platform/aws/cloudwatch-alarms/cloudwatch-alarms.ts'
import {
  openCloudWatchMetrics,
  type CloudWatchMetrics,
} from '../../../../src/platform/aws/cloudwatch-metrics/cloudwatch-metrics.ts'
import { openAlarmStore } from '../../../../src/platform/local/alarm-store/alarm-store.ts'
import { openDirectoryStore } from '../../../../src/platform/local/directory-store.ts'
import { openMetricStore } from '../../../../src/platform/local/metric-store/metric-store.ts'
import type { AlarmStore, ObjectStore } from '../../../../src/platform/ports.ts'
import { accessTo } from '../access.ts'
import { openOwnFolder } from '../own-folder.ts'
import { openCloudWatchServer, type CloudWatchServer } from './server.ts'

/** The adapters, the server that they speak to, and what plays CloudWatch behind it. */
export interface CloudWatchSubject {
  readonly metrics: CloudWatchMetrics
  readonly alarms: CloudWatchAlarms
  readonly server: CloudWatchServer
  /** Evaluates the alarms when it is asked to, as CloudWatch does by itself. */
  readonly evaluator: AlarmStore
  /** The lake that remembers what was put. */
  readonly lake: ObjectStore
  /** Sets CloudWatch's clock. */
  at(now: number): void
  close(): Promise<void>
}

interface CloudWatchSubjectOptions extends Omit<CloudWatchAlarmsOptions, 'access'> {
  readonly now: number
  /** Of every list; CloudWatch's own without it. */
  readonly pageSize?: number
  readonly access?: Partial<AwsAccess>
  /** Refuses data of a time that CloudWatch would not take any more. */
  readonly checksTimes?: boolean
  /** Has the lake remember what was put. */
  readonly remembers?: boolean
}

/** Opens CloudWatch's adapters over a new metric and alarm store. */
export async function openCloudWatchSubject(o: CloudWatchSubjectOptions): Promise<CloudWatchSubject> {
  const { pageSize, checksTimes, remembers, access: more, now: begin, ...alarmOptions } = o
  const [behind, remembered] = [await openOwnFolder(), await openOwnFolder()]
  const store = openDirectoryStore(behind.path)
  const lake = openDirectoryStore(remembered.path)
  let now = begin
  const clock = () => now
  const local = openMetricStore({ store, ...(checksTimes && { clock }) })
  const evaluator = openAlarmStore({ store, metrics: local, clock })
  const server = await openCloudWatchServer({
    metrics: local,
    alarms: evaluator,
    clock,
    ...(pageSize !== undefined && { pageSize }),
  })
  const access = accessTo(server.url, more)
  const metrics = openCloudWatchMetrics({ access, ...(remembers && { lake }) })
  const alarms = openCloudWatchAlarms({ access, ...alarmOptions })
  return {
    metrics,
    alarms,
    server,
    evaluator,
    lake,
    at: (to) => void (now = to),
    async close() {
      metrics.close()
      alarms.close()
      await server.close()
      await behind.remove()
      await remembered.remove()
    },
  }
}
