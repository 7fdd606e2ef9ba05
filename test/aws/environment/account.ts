import { inject } from 'vitest'
import type { Clock } from '../../../src/core/time.ts'
import { openS3Store } from '../../../src/platform/aws/s3-store/s3-store.ts'
import { libraryPath } from '../../support/stump-model.ts'
import { openAwsServers, type AwsServers } from '../servers/aws-servers.ts'
import { mustBeAsBotocore } from './as-botocore.ts'
import type { AthenaFront } from './athena-front.ts'
import { motoUrl, newBucket } from './bucket.ts'
import { openFront, REGION } from './environment.ts'

const ROLE = 'arn:aws:iam::000000000000:role'

/** An account of AWS with a bucket of its own, as far as this machine has one. */
export interface Account {
  readonly bucket: string
  readonly servers: AwsServers
  readonly athena: AthenaFront
  /** The program's settings for it. */
  readonly settings: Readonly<Record<string, string>>
  /** Where the SDK finds AWS. */
  readonly addresses: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Opens one for a city: S3 and Glue of moto, Athena by Trino, SageMaker and CloudWatch by servers of our own. */
export async function openAccount(city: string, clock: Clock): Promise<Account> {
  const bucket = await newBucket()
  const front = await openFront(inject('trino') ?? '', motoUrl())
  const lake = { bucket, prefix: `${city}/` }
  const store = openS3Store({ region: REGION, endpoint: motoUrl(), ...lake })
  const servers = await openAwsServers({
    store,
    lake,
    libraryPath: libraryPath(),
    clock,
    evaluates: true,
    inProcess: true,
  })
  return {
    bucket,
    servers,
    athena: front,
    settings: {
      BIKESHARE_PLATFORM: 'aws',
      BIKESHARE_REGION: REGION,
      BIKESHARE_DB: `db_${bucket.replaceAll('-', '_')}`,
      BIKESHARE_ATHENA_OUTPUT: `s3://${bucket}/athena_results/`,
      BIKESHARE_AWS__BUCKET: bucket,
      // moto's.
      BIKESHARE_AWS__ACCOUNT_ID: '123456789012',
      BIKESHARE_AWS__ENDPOINT_ROLE_ARN: `${ROLE}/endpoints`,
      BIKESHARE_AWS__TRAINING_ROLE_ARN: `${ROLE}/training`,
    },
    addresses: {
      ...servers.env,
      AWS_ENDPOINT_URL_S3: motoUrl(),
      AWS_ENDPOINT_URL_GLUE: motoUrl(),
      AWS_ENDPOINT_URL_SCHEDULER: motoUrl(),
      AWS_ENDPOINT_URL_ATHENA: front.url,
    },
    async close() {
      await servers.close()
      store.close()
      await front.close()
      await mustBeAsBotocore(front.log, servers.sagemaker.log, servers.cloudwatch.log)
    },
  }
}
