import type { ColumnType, TableName } from '../core/contracts/tables.ts'
import type { EpochSeconds } from '../core/time.ts'
import type { TrainingParams } from '../core/contracts/manifest.ts'
import type { Schedule, ScheduleState } from '../core/contracts/schedule.ts'
import type {
  AlarmDescription,
  AlarmHistoryItem,
  CompositeAlarm,
  Dimensions,
  Metric,
  MetricAlarm,
  MetricDataQuery,
  MetricDataResult,
  MetricDatum,
  StateValue,
} from '../core/contracts/cloudwatch.ts'

/* ------------------------------------------------------------------ objects */

/** An object's content and the tag that names this content, for `ifMatch`. */
export interface StoredObject {
  readonly body: Uint8Array
  readonly etag: string
}

/** One line of a listing. */
export interface ObjectSummary {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Changes whenever the content may have changed. */
  readonly etag: string
}

export interface PutOptions {
  /** A key already present rejects with WRITE_CONFLICT. */
  readonly ifAbsent?: boolean
  /** Content that is no longer the one of this etag rejects with WRITE_CONFLICT. */
  readonly ifMatch?: string
}

/** Blobs under slash-separated keys: S3 in the cloud, a directory on one machine. Every put is atomic and durable. */
export interface ObjectStore {
  /** Undefined when absent; rejects only when the store cannot be reached. */
  get(key: string): Promise<StoredObject | undefined>
  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<{ etag: string }>
  /** Keys that begin with `prefix`, in ascending order of their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<ObjectSummary>
  /** The distinct next path segments below `prefix` (which ends in `/`), without the slash, in order. */
  folders(prefix: string): Promise<string[]>
  /** An absent key is no error. */
  delete(key: string): Promise<void>
}

/* ---------------------------------------------------------------- warehouse */

/**
 * Part of a partitioned dataset: one city, the days `dsFrom`..`dsTo` inclusive.
 * `station_status` is a day's compacted file where there is one, else all its live files; never both.
 */
export interface TableRef {
  /** `station_status_live` is refused: `station_status` covers it. */
  readonly dataset: TableName
  readonly city: string
  readonly dsFrom: string
  readonly dsTo: string
  /**
   * A hint: rows of `station_status` with `last_updated` outside `[since, until]` may be left out, of `predictions` those
   * with such a `slot`, of `monitoring_quality` with such an `ends_at`, so that files that hold no other rows need not be
   * opened. Other datasets know no such hint. The statement must still filter.
   */
  readonly since?: EpochSeconds
  readonly until?: EpochSeconds
}

export type SqlValue = string | number | boolean | null

/**
 * One SQL statement over the lake. `sql` names its inputs as plain tables (keys of `tables`) and its parameters as `$name`.
 * An input whose partitions hold no file is an empty table with the dataset's columns.
 */
export interface Statement {
  /** Shown in errors and logs. */
  readonly name: string
  readonly sql: string
  readonly tables?: Readonly<Record<string, TableRef>>
  readonly params?: Readonly<Record<string, SqlValue>>
}

export type { ColumnType }

/**
 * A named, typed column of values, for writing. NaN in a FLOAT or DOUBLE column is stored as null, as it is read back;
 * a value that does not fit its type (a fraction in an integer column, a number in VARCHAR) rejects with BAD_INPUT.
 */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly values: ArrayLike<string | number | boolean | null>
}

/**
 * A run of result rows, by column; the arrays are the receiver's own.
 * FLOAT is a Float32Array and DOUBLE (also DECIMAL, HUGEINT) a Float64Array, with NaN for null.
 * INTEGER and smaller are an Int32Array, BIGINT a Float64Array (the lake holds nothing beyond 2^53), where the batch has
 * no null in them; else, as BOOLEAN and VARCHAR always, an ordinary array with null for null.
 * TIMESTAMP is seconds since 1970 (UTC) by the rules of DOUBLE; any other type is its text.
 */
export interface ColumnBatch {
  readonly rows: number
  readonly columns: Readonly<Record<string, ArrayLike<SqlValue>>>
}

/** What a column of an outside file is read as: a lake type, or `EPOCH`, epoch seconds from a timestamp, a number or ISO 8601 text. */
export type ScanType = ColumnType | 'EPOCH'

/** A column of an outside file, or of a query's result: its name and DuckDB's (Athena's) name of its type. */
export interface NamedType {
  readonly name: string
  readonly type: string
}

/** A table of an ad-hoc query: data of the lake, or a view by a statement over the tables named before it. */
export type QueryTable = TableRef | { readonly sql: string }

/** Result of an ad-hoc query: rows by position, in the order of `columns`. */
export interface QueryResult {
  readonly columns: readonly NamedType[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** A Parquet file that was written. */
export interface WrittenFile {
  readonly key: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

/** SQL over the lake's Parquet files: DuckDB on one machine, Athena in the cloud. */
export interface Warehouse {
  /** All result rows as objects; numbers as in ColumnBatch, but null is null in every type. */
  rows<T>(statement: Statement): Promise<T[]>
  /** Result rows in column batches, never all at once in memory. */
  stream(statement: Statement): AsyncIterable<ColumnBatch>
  /** Writes a statement's result as one Parquet file, atomically; the same rows in the same order give the same bytes. */
  write(statement: Statement, key: string): Promise<WrittenFile>
  /** Writes rows as one Parquet file, atomically; the same rows in the same order give the same bytes. */
  writeRows(key: string, columns: readonly Column[]): Promise<WrittenFile>
  /**
   * Columns of a local .parquet, .csv or .csv.gz file outside the lake. NOT_FOUND without the file, BAD_INPUT when it is
   * neither or its format is damaged. A CSV's types are guessed from its content.
   */
  describeFile(path: string): Promise<NamedType[]>
  /**
   * Rows of such a file in its own order, never all at once in memory. With `columns`, these alone, as the types named
   * (a value that cannot be one is null) and a missing one is BAD_INPUT; without, all as found.
   */
  scanFile(path: string, columns?: Readonly<Record<string, ScanType>>): AsyncIterable<ColumnBatch>
  /**
   * One read-only statement (SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) as a person typed it; it can reach `tables`
   * and nothing else. Anything else, and a statement that fails, is BAD_INPUT.
   */
  query(sql: string, tables: Readonly<Record<string, QueryTable>>): Promise<QueryResult>
  close(): Promise<void>
}

/* ----------------------------------------------------------------- training */

/** One XGBoost training. The data are Parquet files: label first, then the features in order, all FLOAT. */
export interface TrainingJob {
  /** Key prefix of the job's own files (checkpoints), ending in `/`; the same job has the same prefix. */
  readonly prefix: string
  readonly trainKey: string
  readonly validationKey: string
  readonly featureNames: readonly string[]
  readonly params: TrainingParams
}

/** The score after one boosting round. */
export interface RoundScore {
  readonly round: number
  /** Null in most rounds: computing it takes half as long as the round itself. */
  readonly train: number | null
  readonly validation: number
}

export interface TrainedModel {
  /** The booster in UBJ, with feature names, cut to `rounds` trees. */
  readonly model: Uint8Array
  /** Trees kept: best round plus one. */
  readonly rounds: number
  readonly history: readonly RoundScore[]
  readonly libraryVersion: string
  /** Most memory that the process which trained ever held, where that is another one on this machine. */
  readonly peakRssMb?: number
}

/** Fits models: native XGBoost here, a SageMaker training job in the cloud. */
export interface Trainer {
  /**
   * Resumes from the job's last checkpoint when there is one for the same data and parameters, to the same model as
   * without the interruption; `onRound` then hears of the new rounds only. Aborting `signal` rejects with CANCELLED.
   * Files below the job's prefix are the caller's to delete once it has the model.
   */
  fit(
    job: TrainingJob,
    options?: { readonly onRound?: (score: RoundScore) => void; readonly signal?: AbortSignal },
  ): Promise<TrainedModel>
}

/** A model loaded for scoring in bulk, outside any endpoint. */
export interface LoadedModel {
  /** Scores of `rows` rows of row-major float32 features (NaN is missing, infinity is refused with BAD_INPUT). */
  predict(features: Float32Array, rows: number): Promise<Float32Array>
  /**
   * SHAP contributions of such rows: `rows` x (features + 1), row-major, in log-odds. The last of a row is the bias (what
   * the model says before it knows a feature); a row's sum is its margin, whose sigmoid is the score. About 2 ms a row.
   */
  contributions(features: Float32Array, rows: number): Promise<Float32Array>
  /** Total gain by feature name, for those the model uses. */
  gain(): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}

/** Loads model files (JSON, UBJ or the old binary). */
export interface Scorer {
  load(model: Uint8Array): Promise<LoadedModel>
  libraryVersion(): Promise<string>
}

/* ---------------------------------------------------------------- endpoints */

/** Names and shapes below are SageMaker's own. */
export interface CreateModelInput {
  readonly ModelName: string
  readonly PrimaryContainer: {
    /** Lake key of the model.tar.gz (an S3 URI in the cloud). */
    readonly ModelDataUrl: string
    readonly Image?: string
    readonly Environment?: Readonly<Record<string, string>>
  }
}

export interface ProductionVariant {
  readonly VariantName: string
  readonly ModelName: string
  readonly InitialVariantWeight: number
  readonly InitialInstanceCount: number
  readonly InstanceType: string
}

export interface DataCaptureConfig {
  readonly EnableCapture: boolean
  readonly InitialSamplingPercentage: number
}

export interface EndpointConfig {
  readonly EndpointConfigName: string
  readonly ProductionVariants: readonly ProductionVariant[]
  /** At most one, and then one production variant: gets copies of requests, in the share of the two weights; never answers. */
  readonly ShadowProductionVariants?: readonly ProductionVariant[]
  readonly DataCaptureConfig?: DataCaptureConfig
}

/** How traffic goes from what serves to what is to serve, and what takes it back. Both have one variant, and no shadow. */
export interface DeploymentConfig {
  readonly BlueGreenUpdatePolicy: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR'
      /** Seconds between two steps, and after the last one, in which an alarm takes all traffic back; 0..3600. */
      readonly WaitIntervalInSeconds: number
      /** Of CANARY: the share of the first step, at most 50 %. */
      readonly CanarySize?: CapacitySize
      /** Of LINEAR: the share that each step adds, 10 to 50 %. */
      readonly LinearStepSize?: CapacitySize
    }
    /** Seconds that the old fleet is kept after the last step; 0..3600. */
    readonly TerminationWaitInSeconds?: number
    /** 600..28800; a deployment that takes longer is rolled back. */
    readonly MaximumExecutionTimeoutInSeconds?: number
  }
  /** At most 10; one that is in ALARM before the end takes all traffic back. */
  readonly AutoRollbackConfiguration?: { readonly Alarms: readonly { readonly AlarmName: string }[] }
}

export interface CapacitySize {
  readonly Type: 'CAPACITY_PERCENT'
  readonly Value: number
}

export type EndpointStatus = 'Creating' | 'Updating' | 'InService' | 'RollingBack' | 'Deleting' | 'Failed'

export interface VariantSummary {
  readonly VariantName: string
  readonly CurrentWeight: number
  readonly DesiredWeight: number
  readonly CurrentInstanceCount: number
  readonly DesiredInstanceCount: number
}

/** The configuration that an update is on its way to, and how far its variants are. */
export interface PendingDeploymentSummary {
  readonly EndpointConfigName: string
  readonly StartTime: EpochSeconds
  readonly ProductionVariants: readonly {
    readonly VariantName: string
    readonly VariantStatus: readonly { readonly Status: VariantStatusName }[]
  }[]
}

/** `Creating` loads, `ActivatingTraffic` and `Baking` take part of the traffic. */
export type VariantStatusName = 'Creating' | 'ActivatingTraffic' | 'Baking'

export interface EndpointDescription {
  readonly EndpointName: string
  readonly EndpointConfigName: string
  readonly EndpointStatus: EndpointStatus
  readonly FailureReason?: string
  readonly ProductionVariants: readonly VariantSummary[]
  readonly ShadowProductionVariants?: readonly VariantSummary[]
  /** The configuration that an update is on its way to. */
  readonly PendingDeploymentSummary?: PendingDeploymentSummary
  readonly CreationTime: EpochSeconds
  readonly LastModifiedTime: EpochSeconds
}

export interface InvokeInput {
  readonly EndpointName: string
  readonly Body: Uint8Array | string
  readonly ContentType?: string
  readonly Accept?: string
  readonly TargetVariant?: string
  /** 1..64 characters. */
  readonly InferenceId?: string
  /** At most 1024 ASCII characters. */
  readonly CustomAttributes?: string
}

export interface InvokeOutput {
  readonly Body: Uint8Array
  readonly ContentType: string
  readonly InvokedProductionVariant: string
}

/** Errors of InvokeEndpoint by SageMaker's names and HTTP status. */
export type InvokeErrorName =
  | 'ValidationError'
  | 'ModelError'
  | 'ModelNotReadyException'
  | 'InternalFailure'
  | 'ServiceUnavailable'

/** Errors of control calls by SageMaker's names; all are the caller's (HTTP 400). */
export type ControlErrorName = 'ValidationException' | 'ResourceInUse' | 'ResourceLimitExceeded'

/** A refused control call, by SageMaker's names. */
export class ControlError extends Error {
  override readonly name: ControlErrorName

  constructor(name: ControlErrorName, message: string) {
    super(message)
    this.name = name
  }
}

/**
 * Real-time endpoints: the local inference server, or SageMaker. Control calls are refused as SageMaker refuses them, with
 * ControlError. Creating and updating go on after the call: `describeEndpoint` says when the endpoint is InService, or
 * Failed; an update that fails, or that an alarm of its DeploymentConfig takes back, leaves it InService with what it had.
 */
export interface EndpointHost {
  createModel(input: CreateModelInput): Promise<void>
  describeModel(name: string): Promise<CreateModelInput | undefined>
  deleteModel(name: string): Promise<void>
  createEndpointConfig(config: EndpointConfig): Promise<void>
  describeEndpointConfig(name: string): Promise<EndpointConfig | undefined>
  deleteEndpointConfig(name: string): Promise<void>
  createEndpoint(input: { EndpointName: string; EndpointConfigName: string }): Promise<void>
  /** Without a DeploymentConfig all traffic moves at once, when the new fleet is there. */
  updateEndpoint(input: {
    EndpointName: string
    EndpointConfigName: string
    DeploymentConfig?: DeploymentConfig
  }): Promise<void>
  updateEndpointWeightsAndCapacities(input: {
    EndpointName: string
    DesiredWeightsAndCapacities: readonly {
      VariantName: string
      DesiredWeight?: number
      DesiredInstanceCount?: number
    }[]
  }): Promise<void>
  describeEndpoint(name: string): Promise<EndpointDescription | undefined>
  listEndpoints(): Promise<EndpointDescription[]>
  deleteEndpoint(name: string): Promise<void>
  /** Rejects with InvokeError. */
  invokeEndpoint(input: InvokeInput): Promise<InvokeOutput>
  /** Writes captured requests and metrics that are still in memory; the cloud does it itself. */
  flush(): Promise<void>
  /** Answers what is under way, then stops. */
  close(): Promise<void>
}

/** A refused or failed invocation, by SageMaker's names. */
export class InvokeError extends Error {
  override readonly name: InvokeErrorName
  readonly status: number
  /** For ModelError: the container's own status and message. */
  readonly original: { readonly status: number; readonly message: string } | undefined

  constructor(
    name: InvokeErrorName,
    message: string,
    original?: { readonly status: number; readonly message: string },
  ) {
    super(message)
    this.name = name
    this.status = INVOKE_STATUS[name]
    this.original = original
  }
}

const INVOKE_STATUS = {
  ValidationError: 400,
  ModelError: 424,
  ModelNotReadyException: 429,
  InternalFailure: 500,
  ServiceUnavailable: 503,
} as const satisfies Record<InvokeErrorName, number>

/* ------------------------------------------------------- metrics and alarms */

/** Metrics, with CloudWatch's arithmetic: files here, CloudWatch in the cloud. */
export interface MetricStore {
  /**
   * Takes data of one namespace. BAD_INPUT, and nothing is taken, for a value that is not finite, a time over two weeks old or
   * two hours ahead, or a name or dimension that CloudWatch refuses. The same data again count once. CloudWatch has no way to
   * tell: there the lake remembers each request by a marker below `metrics-sent/`, so that a job that runs again repeats none; only
   * one that was killed between CloudWatch's answer and its marker counts twice.
   */
  putMetricData(namespace: string, data: readonly MetricDatum[]): Promise<void>
  /**
   * Series of the periods that begin in `[StartTime, EndTime)`, one result for every query that returns data; a band gives
   * two, upper and lower. BAD_INPUT for a query or an expression that CloudWatch would refuse.
   */
  getMetricData(input: {
    readonly MetricDataQueries: readonly MetricDataQuery[]
    readonly StartTime: EpochSeconds
    readonly EndTime: EpochSeconds
  }): Promise<MetricDataResult[]>
  /** Metrics that have data of the last two weeks, in order; of these only what matches (`Dimensions` as a subset). */
  listMetrics(filter?: {
    readonly Namespace?: string
    readonly MetricName?: string
    readonly Dimensions?: Dimensions
  }): Promise<Metric[]>
  /** Merges small files, aggregates what is old, and forgets what is past CloudWatch's retention; the cloud does it itself. */
  maintain(now: EpochSeconds): Promise<void>
}

/** Alarms: an evaluator here, CloudWatch's in the cloud. Definitions that do not make sense reject with BAD_INPUT. */
export interface AlarmStore {
  /** Puts or replaces an alarm; one that is as it was stays as it is, with its state. */
  putMetricAlarm(alarm: MetricAlarm): Promise<void>
  putCompositeAlarm(alarm: CompositeAlarm): Promise<void>
  /** Absent names are no error. */
  deleteAlarms(names: readonly string[]): Promise<void>
  /** By name. */
  describeAlarms(): Promise<AlarmDescription[]>
  /** History in `(from, to]`, oldest first. */
  describeAlarmHistory(query: {
    readonly AlarmName?: string
    readonly from: EpochSeconds
    readonly to: EpochSeconds
  }): Promise<AlarmHistoryItem[]>
  /** Sets a state by hand, until the next evaluation. NOT_FOUND for an alarm that is not there. */
  setAlarmState(input: {
    readonly AlarmName: string
    readonly StateValue: StateValue
    readonly StateReason: string
    readonly now: EpochSeconds
  }): Promise<void>
  /** Evaluates every alarm as of `now`; twice for the same moment is once. CloudWatch does it by itself. */
  evaluateAlarms(now: EpochSeconds): Promise<void>
  /**
   * Has every alarm that `isMuted` names take no action of its own, and every other one take them; its evaluation goes on.
   * Absent where alarms have no actions of their own, since `bikeshare run` takes them all.
   */
  muteActions?(isMuted: (alarmName: string) => boolean): Promise<void>
}

/* --------------------------------------------------- what only the cloud has */

/** A topic that tells whoever has subscribed to it: mail, SMS, a queue, a function. */
export interface NoticeTopic {
  /** Its ARN. */
  readonly target: string
  /** Resolves once the topic has taken it; the subject is that of a mail, and is cut to what the topic takes. */
  publish(notice: { readonly subject: string; readonly message: string }): Promise<void>
}

/** A version of the lake's registry, as the cloud's registry shows it. */
export interface MirroredVersion {
  readonly group: string
  readonly version: string
  /** Key of its model.tar.gz. */
  readonly archiveKey: string
  /** Whether it serves, or did, in production. */
  readonly approved: boolean
  /** Shown with it: threshold, figures, feature contract; at most 50. */
  readonly properties: Readonly<Record<string, string>>
}

/** The cloud's own model registry as a mirror of the lake's, which stays the truth. */
export interface ModelPackages {
  /** Puts a version, or what has changed of it. True when something was changed. */
  put(version: MirroredVersion): Promise<boolean>
}

/** What starts the jobs by the clock in the cloud; on one machine `bikeshare run` does. No stage needs it: a person does. */
export interface Schedules {
  /** Those of the names that are there, in the order of the names. */
  list(names: readonly string[]): Promise<Schedule[]>
  /**
   * Sets state and description, and leaves everything else as it is. False for one that is in that state already, and keeps its
   * description; NOT_FOUND for one that is not there.
   */
  setState(name: string, state: ScheduleState, description: string): Promise<boolean>
  close(): void
}

/** Everything a stage may be given, made by compose.ts for the platform that is on. */
export interface Platform {
  readonly store: ObjectStore
  readonly warehouse: Warehouse
  readonly trainer: Trainer
  readonly scorer: Scorer
  readonly endpoints: EndpointHost
  readonly metrics: MetricStore
  readonly alarms: AlarmStore
  /** Told by the cloud's own alarms; where one is set. */
  readonly topic?: NoticeTopic | undefined
  /** Where the cloud has a model registry of its own. */
  readonly packages?: ModelPackages | undefined
  /** Serves this platform's endpoints over HTTP, by SageMaker's protocols, until closed. */
  serveEndpoints(options: ServeOptions): Promise<{ readonly url: string; close(): Promise<void> }>
  close(): Promise<void>
}

/** Where endpoints are served. */
export interface ServeOptions {
  readonly hostname: string
  /** 0 takes any free port. */
  readonly port: number
  /** Take control calls that change something (CreateEndpoint, …), not only invocations and descriptions. */
  readonly allowControl: boolean
}
