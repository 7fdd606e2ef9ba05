import { createHash } from 'node:crypto'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { OperatorError } from '../../../core/errors.ts'
import type { PutOptions } from '../../ports.ts'
import { isNamed } from '../aws-error.ts'
import { plainTag } from './list-objects.ts'
import { s3Failure } from './s3-failure.ts'
import type { S3Lake } from './s3-lake.ts'

/** From this size on a body goes in parts, of which one that fails is sent again alone. */
const MULTIPART_BYTES = 16 * 1024 * 1024
const PART_BYTES = 8 * 1024 * 1024
const PARTS_AT_ONCE = 4

/**
 * Puts one object. S3 shows it whole or not at all, also when it came in parts; parts of one that failed are removed (the
 * bucket's lifecycle removes those of a killed process). WRITE_CONFLICT when the condition does not hold.
 */
export async function putObject(
  lake: S3Lake,
  key: string,
  body: Uint8Array | string,
  options: PutOptions = {},
): Promise<{ etag: string }> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const input = {
    ...lake.common,
    Key: lake.location.prefix + key,
    Body: bytes,
    ...conditionOf(options),
  }
  try {
    if (bytes.length < MULTIPART_BYTES) {
      const { ETag } = await lake.client.send(new PutObjectCommand(input))
      return { etag: plainTag(ETag) }
    }
    const upload = new Upload({
      client: lake.client,
      params: input,
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    })
    const { ETag } = await upload.done()
    return { etag: plainTag(ETag) }
  } catch (error) {
    if (!isConflict(error, options)) throw s3Failure(error, 'PutObject', lake.location, key)
    const own = await ownEarlierTry(lake, key, bytes, error)
    if (own !== undefined) return { etag: own }
    throw new OperatorError(
      'WRITE_CONFLICT',
      options.ifAbsent ? `${key} is there already` : `${key} was changed by somebody else`,
      'Read it again and decide anew.',
      error,
    )
  }
}

function conditionOf({ ifAbsent, ifMatch }: PutOptions): { IfNoneMatch?: string; IfMatch?: string } {
  if (ifAbsent && ifMatch !== undefined) throw new Error('A put takes ifAbsent or ifMatch, not both')
  if (ifAbsent) return { IfNoneMatch: '*' }
  return ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }
}

/** 412: the condition does not hold. 409: another conditional write was under way. 404: nothing to match. */
function isConflict(error: unknown, options: PutOptions): boolean {
  if (!options.ifAbsent && options.ifMatch === undefined) return false
  if (isNamed(error, 'PreconditionFailed', 'ConditionalRequestConflict')) return true
  return options.ifMatch !== undefined && isNamed(error, 'NoSuchKey', 'NotFound')
}

/**
 * A try may have been carried out although its answer was lost; the next one then meets its own object. Its tag when what is
 * there now is what was to be written.
 */
async function ownEarlierTry(
  lake: S3Lake,
  key: string,
  bytes: Uint8Array,
  error: unknown,
): Promise<string | undefined> {
  const attempts = (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1
  if (attempts < 2) return undefined
  try {
    const command = new HeadObjectCommand({ ...lake.common, Key: lake.location.prefix + key })
    const etag = plainTag((await lake.client.send(command)).ETag)
    return etag === createHash('md5').update(bytes).digest('hex') ? etag : undefined
  } catch {
    return undefined
  }
}
