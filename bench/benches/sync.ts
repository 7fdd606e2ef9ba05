import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { silentReporter } from '../../src/core/report.ts'
import { syncLakes } from '../../src/data/lake/sync/sync-lakes.ts'
import { openS3Store } from '../../src/platform/aws/s3-store/s3-store.ts'
import { openDirectoryStore } from '../../src/platform/local/directory-store.ts'
import type { ObjectStore, ObjectSummary } from '../../src/platform/ports.ts'
import { installed } from '../../test/aws/environment/install.ts'
import { startMoto } from '../../test/aws/environment/moto.ts'
import { type BenchContext, type Measurement, peakRssMb, timed } from '../harness/bench.ts'

const REGION = 'ca-central-1'
const JOBS = 16
const KEY = { accessKeyId: 'bench', secretAccessKey: 'bench' }

/** The SF lake into moto's S3 and back, against the SDK putting and getting the same files, as many at once. */
export async function benchSync({ folder, inputs }: BenchContext): Promise<Measurement> {
  process.env['AWS_ACCESS_KEY_ID'] = KEY.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = KEY.secretAccessKey
  const { python } = await installed()
  if (python === undefined) throw new Error('moto cannot be had on this machine')
  const moto = await startMoto(python)
  const lake = inputs.path('sf-features')
  const store = openDirectoryStore(lake)
  const files = await listed(store)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const client = new S3Client({ region: REGION, endpoint: moto.url, forcePathStyle: true, credentials: KEY })
  try {
    for (const bucket of ['synced', 'plain'])
      await client.send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint: REGION },
        }),
      )
    const s3 = openS3Store({ bucket: 'synced', region: REGION, endpoint: moto.url })
    const back = openDirectoryStore(join(folder, 'back'))
    const sync = (from: ObjectStore, to: ObjectStore) =>
      timed(() =>
        syncLakes({
          from: { store: from, address: 'a' },
          to: { store: to, address: 'b' },
          jobs: JOBS,
          report: silentReporter,
        }),
      )
    const up = await sync(store, s3)
    const down = await sync(s3, back)
    const again = await sync(store, s3)
    const peak_rss_mb = peakRssMb()
    const plainUp = await timed(() => eachAtOnce(files, ({ key }) => put(client, lake, key)))
    const plainDown = await timed(() =>
      eachAtOnce(files, ({ key }) => get(client, join(folder, 'plain'), key)),
    )
    s3.close()
    return {
      rows: files.length,
      row_unit: 'objects',
      seconds: up.seconds + down.seconds,
      peak_rss_mb,
      baseline: 'the SDK putting and getting the same files',
      baseline_seconds: plainUp.seconds + plainDown.seconds,
      figures: {
        megabytes: bytes / 1e6,
        up_share_of_plain: plainUp.seconds / up.seconds,
        down_share_of_plain: plainDown.seconds / down.seconds,
        lowest_share_of_plain: Math.min(plainUp.seconds / up.seconds, plainDown.seconds / down.seconds),
        nothing_new_seconds: again.seconds,
      },
    }
  } finally {
    client.destroy()
    await moto.close()
  }
}

async function listed(store: ObjectStore): Promise<ObjectSummary[]> {
  const all: ObjectSummary[] = []
  for await (const object of store.list('')) all.push(object)
  return all
}

async function put(client: S3Client, root: string, key: string): Promise<void> {
  const Body = await readFile(join(root, key))
  await client.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body }))
}

async function get(client: S3Client, root: string, key: string): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: key }))
  const path = join(root, key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, (await Body?.transformToByteArray()) ?? '')
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: JOBS }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
