import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { checkKey } from '../../../core/object-key.ts'
import type { ObjectStore, StoredObject } from '../../ports.ts'
import { isNamed } from '../aws-error.ts'
import { listFolders, listObjects, plainTag } from './list-objects.ts'
import { putObject } from './put-object.ts'
import { s3Failure } from './s3-failure.ts'
import { openS3Lake, type S3Lake, type S3LakeOptions } from './s3-lake.ts'

/** An object store that holds connections. */
export interface S3Store extends ObjectStore {
  close(): void
}

/**
 * Opens a bucket, or the keys below a prefix of it, as an object store. Conditions are S3's own (If-None-Match, If-Match), so
 * they hold among machines. Throttled and failed calls are tried again by the SDK. Errors: BAD_INPUT for a key that is none,
 * WRITE_CONFLICT, NOT_FOUND for a bucket that is not there, CONFIG for credentials, region or permission (which action on which
 * object), UNAVAILABLE.
 */
export function openS3Store(options: S3LakeOptions): S3Store {
  return s3StoreOf(openS3Lake(options))
}

/** The store over a lake that is open. */
export function s3StoreOf(lake: S3Lake): S3Store {
  return {
    async get(key): Promise<StoredObject | undefined> {
      checkKey(key)
      return getObject(lake, key)
    },

    async put(key, body, putOptions) {
      checkKey(key)
      return putObject(lake, key, body, putOptions)
    },

    list: (prefix) => listObjects(lake, { prefix }),

    async folders(prefix) {
      if (prefix !== '' && !prefix.endsWith('/'))
        throw new Error(`The prefix "${prefix}" does not end in "/"`)
      return listFolders(lake, prefix)
    },

    async delete(key) {
      checkKey(key)
      try {
        const input = { ...lake.common, Key: lake.location.prefix + key }
        await lake.client.send(new DeleteObjectCommand(input))
      } catch (error) {
        throw s3Failure(error, 'DeleteObject', lake.location, key)
      }
    },

    close: () => lake.client.destroy(),
  }
}

/** An object with its content; undefined when there is none. */
export async function getObject(lake: S3Lake, key: string): Promise<StoredObject | undefined> {
  try {
    const input = { ...lake.common, Key: lake.location.prefix + key }
    const { Body, ETag } = await lake.client.send(new GetObjectCommand(input))
    return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: plainTag(ETag) }
  } catch (error) {
    if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined
    throw s3Failure(error, 'GetObject', lake.location, key)
  }
}
