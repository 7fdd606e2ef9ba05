import { tmpdir, homedir } from 'node:os'
import { basename } from 'node:path'
import { type CityNames, cityNames } from '../core/city-names.ts'
import type { Config } from '../core/config/schema.ts'
import { OperatorError } from '../core/errors.ts'
import type { Reporter } from '../core/report.ts'
import { openAthenaWarehouse } from './aws/athena-warehouse/athena-warehouse.ts'
import type { AwsAccess } from './aws/aws-access.ts'
import { type EnsuredTables, ensureGlueTables } from './aws/glue-tables/ensure-glue-tables.ts'
import type { GlueView } from './aws/glue-tables/view-input.ts'
import { openAwsServing } from './aws/open-aws-serving.ts'
import type { S3Location } from './aws/s3-location.ts'
import { openS3Store } from './aws/s3-store/s3-store.ts'
import { openSchedules } from './aws/schedules.ts'
import { findXgboostLibrary } from './engines/xgboost/library.ts'
import { openScorer, type XgboostScorer } from './engines/xgboost/scorer.ts'
import type { Platform, Schedules } from './ports.ts'

/** What the platform is made from, beside the settings. */
export interface AwsComposition {
  /** Folder that the lake would be in on this machine; its name is the city's. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Chance in [0, 1). */
  readonly random: () => number
  readonly report: Reporter
}

/** The platform on S3, Athena, SageMaker and CloudWatch. XGBoost of this machine is looked for only when something scores here. */
export async function composeAws(config: Config, o: AwsComposition): Promise<Platform> {
  const access = accessOf(config)
  const city = basename(o.root)
  const lake = lakeOf(config, city)
  const { prefix: endpointPrefix, database } = namesOf(config, city)
  const { threads, memory: memoryLimit } = config.limits
  const store = openS3Store({ ...access, ...lake, ...ownerOf(config) })
  const warehouse = await openAthenaWarehouse({
    ...access,
    ...lake,
    ...ownerOf(config),
    database,
    workgroup: config.workgroup,
    ...(config.athena_output !== undefined && { output: config.athena_output }),
    tempFolder: tmpdir(),
    memoryLimit,
    random: o.random,
  })
  const libraryPath = (): string => findXgboostLibrary({ env: o.env, home: homedir() }).path
  const { endpoint_role_arn, training_role_arn, alarm_topic_arn, serving_image, training_image } = config.aws
  const serving = openAwsServing({
    access,
    lake,
    store,
    libraryPath,
    report: o.report,
    endpointPrefix,
    trainingInstanceType: config.aws.training_instance_type,
    ...(endpoint_role_arn !== undefined && { endpointRoleArn: endpoint_role_arn }),
    ...(training_role_arn !== undefined && { trainingRoleArn: training_role_arn }),
    ...(alarm_topic_arn !== undefined && { alarmTopicArn: alarm_topic_arn }),
    ...(serving_image !== undefined && { servingImage: serving_image }),
    ...(training_image !== undefined && { trainingImage: training_image }),
  })
  let scorer: XgboostScorer | undefined
  return {
    store,
    warehouse,
    get endpoints() {
      return serving.endpoints
    },
    get trainer() {
      return serving.trainer
    },
    get metrics() {
      return serving.metrics
    },
    get alarms() {
      return serving.alarms
    },
    get topic() {
      return serving.topic
    },
    get packages() {
      return serving.packages
    },
    get scorer() {
      return (scorer ??= openScorer({ libraryPath: libraryPath(), threads }))
    },
    serveEndpoints: (options) => serving.serveEndpoints(options),
    async close() {
      await scorer?.close()
      await serving.close()
      await warehouse.close()
      store.close()
    },
  }
}

/** What the tables of a city's lake are to be. */
export interface LakeTables {
  readonly city: string
  readonly endpoints: readonly string[]
  readonly since: string
  readonly views: readonly GlueView[]
}

/** Makes the tables and views of a city's lake in Glue, or brings them up to date. */
export async function ensureTables(
  config: Config,
  { city, ...tables }: LakeTables,
): Promise<EnsuredTables & { readonly database: string }> {
  const location = lakeOf(config, city)
  const { database } = namesOf(config, city)
  const ensured = await ensureGlueTables(accessOf(config), { database, location, cities: [city], ...tables })
  return { database, ...ensured }
}

/** Opens the schedules of the account's jobs. */
export const openJobSchedules = (config: Config): Schedules => openSchedules(accessOf(config))

const namesOf = ({ db, aws: { first_city: first } }: Config, city: string): CityNames =>
  cityNames(city, { first, db })

/** Whose the bucket must be: a name that somebody else has taken meanwhile is refused by AWS itself. */
const ownerOf = ({ aws: { account_id: owner } }: Config): { readonly owner?: string } =>
  owner === undefined ? {} : { owner }

const accessOf = ({ region, aws_profile: profile }: Config): AwsAccess => ({
  region,
  ...(profile !== undefined && { profile }),
})

function lakeOf({ aws: { bucket } }: Config, city: string): Required<S3Location> {
  if (bucket === undefined)
    throw new OperatorError(
      'CONFIG',
      'no bucket is named for the lake on AWS',
      'Set bucket under [aws] in bikeshare.toml: it is an output of the stack.',
    )
  return { bucket, prefix: `${city}/` }
}
