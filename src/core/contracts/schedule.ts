/** A schedule of EventBridge Scheduler, as it is. */
export interface Schedule {
  readonly name: string
  /** `cron(0/10 * * * ? *)`, in `timezone`. */
  readonly expression: string
  readonly timezone: string
  readonly state: ScheduleState
  readonly description: string
}

export type ScheduleState = 'ENABLED' | 'DISABLED'
