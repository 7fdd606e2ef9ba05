/** When something is started, and what: one schedule of EventBridge Scheduler. */
export interface ScheduleDefinition {
  /** 1..64 of letters, digits, `-`, `_` and `.`. */
  readonly name: string
  readonly description: string
  /** `cron(0/10 * * * ? *)`, in `timezone`. */
  readonly expression: string
  readonly timezone: string
  readonly target: ScheduleTarget
}

/** What a schedule starts. */
export interface ScheduleTarget {
  /** A function, a cluster, a queue. */
  readonly arn: string
  /** What the scheduler works as. */
  readonly roleArn: string
  /** JSON that it is given. */
  readonly input: string
}
