import { S3Client } from '@aws-sdk/client-s3'
import { type AwsAccess, clientSettings, opened } from '../aws-access.ts'
import type { S3Location } from '../s3-location.ts'

/** Where a lake is in S3, and how it is reached. */
export interface S3LakeOptions extends AwsAccess, S3Location {
  /** Account that the bucket must belong to; AWS refuses every call on another's. */
  readonly owner?: string
  /** Bucket in the path instead of the host's name, as servers other than AWS's want it. Default: with an endpoint. */
  readonly pathStyle?: boolean
}

/** A client with the lake it is for. */
export interface S3Lake {
  readonly client: S3Client
  readonly location: S3Location & { readonly prefix: string }
  /** What every call has in common. */
  readonly common: { readonly Bucket: string; readonly ExpectedBucketOwner?: string }
}

/** Opens the client of a lake; `close` it by `client.destroy()`. */
export function openS3Lake(options: S3LakeOptions): S3Lake {
  const { bucket, prefix = '', owner } = options
  if (prefix !== '' && !prefix.endsWith('/')) throw new Error(`The prefix "${prefix}" does not end in "/"`)
  const client = new S3Client({
    ...clientSettings(options),
    forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
  })
  return {
    client: opened(options, client),
    location: { bucket, prefix },
    common: { Bucket: bucket, ...(owner !== undefined && { ExpectedBucketOwner: owner }) },
  }
}
