import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { REGION } from './environment.ts'

let count = 0

/** Address of moto, for suites that are skipped without it. */
export const motoUrl = (): string => inject('moto') ?? 'http://127.0.0.1:1'

/** A client of moto's S3 with which tests look at what the adapters did. */
export function motoS3(): S3Client {
  return new S3Client({
    region: REGION,
    endpoint: motoUrl(),
    forcePathStyle: true,
    customUserAgent: 'bikeshare-tests',
  })
}

/** Makes a bucket that no other test of this process has. */
export async function newBucket(): Promise<string> {
  count += 1
  const bucket = `lake-${process.pid}-${count}`
  const client = motoS3()
  await client.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  )
  client.destroy()
  return bucket
}
