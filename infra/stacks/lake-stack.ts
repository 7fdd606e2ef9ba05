import {
  aws_athena as athena,
  aws_ecr as ecr,
  aws_glue as glue,
  aws_s3 as s3,
  Aws,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { TARGETS } from '../../src/core/contracts/features.ts'
import { endpointName, STAGES } from '../../src/core/names.ts'
import { VIEWS } from '../../src/data/lake/views.ts'
import { glueTableInputs } from '../../src/platform/aws/glue-tables/table-inputs.ts'
import { LIFECYCLE } from '../../src/data/lake/lifecycle.ts'
import type { DeployedCity, Settings } from '../settings.ts'

/** Most bytes that one statement may scan: a month of features of a large city is a tenth of it. */
const MOST_BYTES_SCANNED = 20e9
const RESULTS = 'athena_results/'
/** CloudWatch takes nothing that is older than two weeks: what was sent need not be known for longer. */
const SENT_DAYS = 14
/** Before any lake's first day: partitions are looked for from then on. */
const FIRST_DAY = '2024-01-01'

/**
 * The lake: its bucket, the catalogue and the workgroup that statements run in, and the repository of the program's image.
 * Destroying the stack leaves bucket and images.
 */
export class LakeStack extends Stack {
  readonly bucketName: string
  readonly repository: ecr.Repository

  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: Settings }) {
    super(scope, id, props)
    const { settings } = props
    const { config } = settings
    this.bucketName =
      settings.bucket === '' ? `mlops-bikeshare-${Aws.ACCOUNT_ID}-${Aws.REGION}` : settings.bucket
    const bucket = new s3.Bucket(this, 'Lake', {
      bucketName: this.bucketName,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'unfinished-uploads',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        ...lifecycleRules(settings),
      ],
    })
    for (const city of settings.cities) this.#catalogue(city, settings)
    // `primary` is in every account; a workgroup of one's own has its limits.
    if (config.workgroup !== 'primary')
      new athena.CfnWorkGroup(this, 'WorkGroup', {
        name: config.workgroup,
        recursiveDeleteOption: true,
        workGroupConfiguration: {
          enforceWorkGroupConfiguration: true,
          publishCloudWatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: MOST_BYTES_SCANNED,
          engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
          resultConfiguration: {
            outputLocation: `s3://${this.bucketName}/athena_results/`,
            encryptionConfiguration: { encryptionOption: 'SSE_S3' },
          },
        },
      })
    this.repository = new ecr.Repository(this, 'Images', {
      repositoryName: 'bikeshare',
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.MUTABLE,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { maxImageCount: 20, description: 'Older images are no longer what any version serves with.' },
      ],
    })
    new CfnOutput(this, 'Bucket', {
      value: bucket.bucketName,
      description: '`bucket` of [aws] in bikeshare.toml',
    })
    new CfnOutput(this, 'Repository', { value: this.repository.repositoryUri })
  }

  /** The database of a city's lake: tables with partition projection, and the views. */
  #catalogue(city: DeployedCity, { config }: Settings): void {
    const database = new glue.CfnDatabase(this, `Database-${city.name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: city.database, description: `The lake of ${city.name}.` },
    })
    const names = {
      station_information: config.view_station_info_latest,
      predictions: config.view_predictions,
      quality: config.view_quality,
    }
    const inputs = glueTableInputs({
      database: city.database,
      location: { bucket: this.bucketName, prefix: `${city.name}/` },
      cities: [city.name],
      endpoints: STAGES.flatMap((stage) => TARGETS.map((target) => endpointName(stage, target, city.prefix))),
      since: FIRST_DAY,
      views: VIEWS.map(({ key, sql, columns }) => ({ name: names[key], sql, columns })),
    })
    let before: Construct = database
    for (const input of inputs) {
      const table = new glue.CfnTable(this, `Table-${city.name}-${input.Name}`, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: city.database,
        tableInput: lowerFirst(input) as glue.CfnTable.TableInputProperty,
      })
      // One after the other: a view may only be made once the tables that it names are there.
      table.node.addDependency(before)
      before = table
    }
  }
}

/**
 * Rules of the bucket from the lake's own table of what goes when. A rule that keeps something all the same is left to
 * `bikeshare clean`, which can tell; S3 cannot.
 */
function lifecycleRules({ config, cities }: Settings): s3.LifecycleRule[] {
  const rules = LIFECYCLE.filter(({ keeps }) => keeps === undefined).flatMap(({ name, prefix, setting }) => {
    const days = config.retention[setting]
    // Results of statements lie beside the lakes.
    if (prefix === RESULTS) return [{ id: name, prefix, days }]
    return cities.map((city) => ({
      id: `${name} ${city.name}`,
      prefix: `${city.name}/${prefix.replace('CITY', city.name)}`,
      days,
    }))
  })
  const sent = cities.map(({ name }) => ({
    id: `metrics sent ${name}`,
    prefix: `${name}/metrics-sent/`,
    days: SENT_DAYS,
  }))
  return [...rules, ...sent].map(({ id, prefix, days }) => ({
    id: id.replaceAll(' ', '-'),
    prefix,
    // A day more than `bikeshare clean`: it tells by the day in the key, S3 by when the object was written.
    expiration: Duration.days(days + 1),
  }))
}

/** CloudFormation writes the keys of Glue's structures with a small letter; names inside maps stay as they are. */
function lowerFirst(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => lowerFirst(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      isMap ? key : key.slice(0, 1).toLowerCase() + key.slice(1),
      lowerFirst(inner, key === 'Parameters'),
    ]),
  )
}
