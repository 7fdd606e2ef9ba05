import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import type { ObjectSummary } from '../../ports.ts'
import { s3Failure } from './s3-failure.ts'
import type { S3Lake } from './s3-lake.ts'

/** Part of a listing: keys after `after` (in the order of their bytes), up to and with those that begin with `until`. */
export interface ListRange {
  readonly prefix: string
  readonly after?: string
  readonly until?: string
}

/** Tags as HTTP has them stand in quotes. */
export const plainTag = (etag: string | undefined): string => (etag ?? '').replace(/^"|"$/g, '')

/** Objects of a range in the order of their keys' bytes, page by page. */
export async function* listObjects(lake: S3Lake, range: ListRange): AsyncGenerator<ObjectSummary> {
  const { prefix } = lake.location
  for await (const page of pages(lake, range.prefix, undefined, range.after))
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      const key = (Key ?? '').slice(prefix.length)
      if (range.until !== undefined && key > range.until && !key.startsWith(range.until)) return
      // The console makes empty objects "folder/"; a lake has no such key.
      if (key !== '' && !key.endsWith('/')) yield { key, size: Size ?? 0, etag: plainTag(ETag) }
    }
}

/** The distinct next path segments below `prefix`. */
export async function listFolders(lake: S3Lake, prefix: string): Promise<string[]> {
  const from = lake.location.prefix.length + prefix.length
  const found: string[] = []
  for await (const page of pages(lake, prefix, '/'))
    for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) found.push(Prefix.slice(from))
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map((name) => name.slice(0, -1))
}

async function* pages(
  lake: S3Lake,
  prefix: string,
  delimiter?: string,
  after?: string,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined
  do {
    const command = new ListObjectsV2Command({
      ...lake.common,
      Prefix: lake.location.prefix + prefix,
      ...(delimiter !== undefined && { Delimiter: delimiter }),
      ...(token !== undefined
        ? { ContinuationToken: token }
        : after !== undefined && { StartAfter: lake.location.prefix + after }),
    })
    let page: ListObjectsV2CommandOutput
    try {
      page = await lake.client.send(command)
    } catch (error) {
      throw s3Failure(error, 'ListBucket', lake.location, prefix)
    }
    yield page
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}
