import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { NamedType } from '../../ports.ts'
import { identifier, textLiteral } from '../../engines/duckdb/literals.ts'
import { readParquet } from '../../engines/duckdb/parquet.ts'
import { s3Failure } from '../s3-store/s3-failure.ts'
import type { OrderKey } from './compose-sql.ts'

/** Parts of `s3://bucket/key`. */
function partsOf(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? []
  if (bucket === undefined || key === undefined) throw new Error(`"${uri}" is no address in S3`)
  return { bucket, key }
}

/** A folder of this machine that goes when it is done with. */
export async function makeFolder(parent: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(parent, 'result-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Fetches an object into a file. */
export async function download(client: S3Client, uri: string, path: string): Promise<void> {
  const { bucket, key } = partsOf(uri)
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    await pipeline(Body as Readable, createWriteStream(path))
  } catch (error) {
    throw s3Failure(error, 'GetObject', { bucket }, key)
  }
}

/** Fetches what an UNLOAD left in its folder, and removes it there; paths of the files. */
export async function takeUnloaded(client: S3Client, uri: string, folder: string): Promise<string[]> {
  const { bucket, key: prefix } = partsOf(uri)
  const paths: string[] = []
  try {
    const keys: string[] = []
    let token: string | undefined
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      )
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
      token = page.NextContinuationToken
    } while (token !== undefined)
    for (const [i, key] of keys.entries()) {
      const path = join(folder, `${i}.parquet`)
      await download(client, `s3://${bucket}/${key}`, path)
      paths.push(path)
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    }
  } catch (error) {
    throw s3Failure(error, 'GetObject', { bucket }, prefix)
  }
  return paths
}

/** The SELECT of DuckDB over a file of results as Athena writes it: every value in quotes, a null as nothing, in order. */
export function csvSelect(path: string, columns: readonly NamedType[]): string {
  const types = columns.map((_, i) => `c${i}: 'VARCHAR'`).join(', ')
  const list = columns.map(({ name, type }, i) => `CAST(c${i} AS ${type}) AS ${identifier(name)}`).join(', ')
  const options = `header = true, auto_detect = false, columns = {${types}}, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, parallel = false, max_line_size = 16777216`
  return `SELECT ${list} FROM read_csv(${textLiteral(path)}, ${options})`
}

/** The SELECT of DuckDB over files of an UNLOAD, whose rows come in no order, with the order that was asked for. */
export function unloadedSelect(paths: readonly string[], keys: readonly OrderKey[]): string {
  const order = keys.map(
    ({ name, descending }) => `${identifier(name)}${descending ? ' DESC' : ''} NULLS LAST`,
  )
  return `SELECT * FROM ${readParquet(paths)}${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}`
}
