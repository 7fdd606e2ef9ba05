import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config } from '../core/config/schema.ts'
import { OperatorError } from '../core/errors.ts'
import type { ObjectStore } from './ports.ts'
import { openS3Store } from './aws/s3-store/s3-store.ts'
import { openDirectoryStore } from './local/directory-store.ts'

/** A lake's objects, wherever they are. */
export interface StoreAt {
  readonly store: ObjectStore
  /** The address in one form: an absolute path, or `s3://BUCKET/PREFIX/`. */
  readonly address: string
  /** True where a folder, or anything below the prefix, is there. */
  readonly isThere: boolean
  close(): void
}

/** Opens the store at an address: a folder, or `s3://BUCKET` with or without a prefix. USAGE for anything else. */
export async function openStoreAt(
  address: string,
  config: Pick<Config, 'region' | 'aws_profile' | 'aws'>,
): Promise<StoreAt> {
  if (/^s3:/i.test(address)) return openBucketAt(address, config)
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(address)) throw notAnAddress(address)
  const folder = resolve(address)
  const isThere = await access(folder).then(
    () => true,
    () => false,
  )
  return { store: openDirectoryStore(folder), address: folder, isThere, close: () => {} }
}

async function openBucketAt(
  address: string,
  { region, aws_profile: profile, aws }: Pick<Config, 'region' | 'aws_profile' | 'aws'>,
): Promise<StoreAt> {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address) ?? []
  if (bucket === undefined || /(^|\/)\/|\\/.test(path)) throw notAnAddress(address)
  const prefix = path === '' ? '' : path.replace(/\/?$/, '/')
  const store = openS3Store({
    bucket,
    prefix,
    region,
    ...(profile !== undefined && { profile }),
    ...(aws.account_id !== undefined && bucket === aws.bucket && { owner: aws.account_id }),
  })
  let isThere = false
  for await (const _ of store.list('')) {
    isThere = true
    break
  }
  return { store, address: `s3://${bucket}/${prefix}`, isThere, close: () => store.close() }
}

function notAnAddress(address: string): OperatorError {
  return new OperatorError(
    'USAGE',
    `"${address}" is no place for a lake`,
    'Give a folder, or s3://BUCKET/PREFIX.',
  )
}
