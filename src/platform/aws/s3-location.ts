/** Where the lake is in S3; a key of the lake is `s3://BUCKET/PREFIX` and the key. */
export interface S3Location {
  readonly bucket: string
  /** Ends in `/`, or is empty: keys of the lake are keys of the bucket. */
  readonly prefix?: string
}

/** `s3://bucket/prefix/models/…` of a key of the lake. */
export function uriOf({ bucket, prefix = '' }: S3Location, key: string): string {
  return `s3://${bucket}/${prefix}${key}`
}

/** The key of the lake; anything that is not in the lake stays as it is. */
export function keyOf(location: S3Location, uri: string): string {
  const root = uriOf(location, '')
  return uri.startsWith(root) ? uri.slice(root.length) : uri
}

/** A text of AWS's with every address within the lake as a key. */
export function withKeys(location: S3Location, text: string): string {
  return text.replaceAll(uriOf(location, ''), '')
}
