import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { openS3Store, type S3Store } from '../../../src/platform/aws/s3-store/s3-store.ts'
import { motoS3, motoUrl, newBucket } from '../environment/bucket.ts'
import { REGION } from '../environment/environment.ts'
import { refusal } from '../environment/refusal.ts'
import { type Fault, type FaultProxy, faultFor, startFaultProxy } from '../environment/fault-proxy.ts'

const MEGABYTE = 1024 * 1024
const SLOW_DOWN: Fault = { status: 503, code: 'SlowDown' }

describe.skipIf(inject('moto') === undefined)('faults of S3', () => {
  let proxy: FaultProxy
  let bucket: string
  let store: S3Store
  beforeAll(async () => {
    proxy = await startFaultProxy(motoUrl())
    bucket = await newBucket()
  })
  afterAll(() => proxy.close())
  beforeEach(() => {
    proxy.fault = () => undefined
    proxy.requests.length = 0
    store = openS3Store({ bucket, prefix: 'lake/', region: REGION, endpoint: proxy.url, maxAttempts: 3 })
  })
  afterEach(() => store.close())

  const uploadsUnderWay = async (): Promise<number> => {
    const client = motoS3()
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
    client.destroy()
    return Uploads.length
  }
  const isPart = ({ url }: { url: URL }): boolean => url.searchParams.has('partNumber')

  it('that pass in the middle of a multipart leave a whole object', async () => {
    const body = Buffer.alloc(20 * MEGABYTE, 7)
    proxy.fault = faultFor(
      2,
      (request) => isPart(request) && request.url.searchParams.get('partNumber') === '2',
      SLOW_DOWN,
    )
    await store.put('large', body)
    expect(proxy.requests.filter(isPart)).toHaveLength(5)
    expect(Buffer.compare((await store.get('large'))?.body ?? Buffer.alloc(0), body)).toBe(0)
  })

  it('that stay in the middle of a multipart leave no object and no parts', async () => {
    proxy.fault = (request) => (isPart(request) ? SLOW_DOWN : undefined)
    expect(await refusal(store.put('torn', Buffer.alloc(20 * MEGABYTE)), 'UNAVAILABLE')).toMatch(
      new RegExp(`s3:PutObject on s3://${bucket}/lake/torn`),
    )
    proxy.fault = () => undefined
    expect(await store.get('torn')).toBeUndefined()
    expect(await uploadsUnderWay()).toBe(0)
  })

  it('hold a condition in a multipart too', async () => {
    await store.put('large-once', 'first')
    expect(
      await refusal(
        store.put('large-once', Buffer.alloc(20 * MEGABYTE), { ifAbsent: true }),
        'WRITE_CONFLICT',
      ),
    ).toMatch(/large-once is there already/)
    expect(await uploadsUnderWay()).toBe(0)
  })

  it('that lose the answer of a conditional put do not make it lose against itself', async () => {
    proxy.fault = faultFor(1, ({ method }) => method === 'PUT', {
      status: 500,
      code: 'InternalError',
      after: true,
    })
    const { etag } = await store.put('lease', 'mine', { ifAbsent: true })
    expect(await store.get('lease')).toMatchObject({ etag })
    const puts = proxy.requests.filter(({ method }) => method === 'PUT')
    expect(puts).toHaveLength(2)
  })

  it('let another writer win who came in between', async () => {
    await store.put('contended', 'theirs')
    proxy.fault = faultFor(1, ({ method }) => method === 'PUT', { status: 500, code: 'InternalError' })
    expect(await refusal(store.put('contended', 'mine', { ifAbsent: true }), 'WRITE_CONFLICT')).toMatch(
      /contended is there already/,
    )
    proxy.fault = faultFor(9, ({ method }) => method === 'PUT', {
      status: 409,
      code: 'ConditionalRequestConflict',
    })
    expect(await refusal(store.put('contended', 'mine', { ifMatch: 'x' }), 'WRITE_CONFLICT')).toMatch(
      /contended was changed by somebody else/,
    )
  })

  it('name the action and the object that is not allowed', async () => {
    proxy.fault = () => ({ status: 403, code: 'AccessDenied', message: 'Access Denied' })
    const object = `s3://${bucket}/lake/a/b`
    expect(await refusal(store.put('a/b', ''), 'CONFIG')).toMatch(
      new RegExp(`s3:PutObject on ${object}.*policy`),
    )
    expect(await refusal(store.delete('a/b'), 'CONFIG')).toMatch(new RegExp(`s3:DeleteObject on ${object}`))
    expect(await refusal(store.folders('a/'), 'CONFIG')).toMatch(
      new RegExp(`s3:ListBucket on s3://${bucket}/lake/a/`),
    )
    expect(await refusal(store.get('a/b'), 'CONFIG')).toMatch(new RegExp(`s3:GetObject on ${object}`))
  })

  it('say which region the bucket is in', async () => {
    proxy.fault = () => ({
      status: 301,
      code: 'PermanentRedirect',
      headers: { 'x-amz-bucket-region': 'eu-west-1' },
    })
    expect(await refusal(store.get('a'), 'CONFIG')).toMatch(
      new RegExp(`${bucket} is not in this region.*eu-west-1`),
    )
    proxy.fault = () => ({
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      message: "the region 'ca-central-1' is wrong; expecting 'us-west-2'",
    })
    expect(await refusal(store.get('a'), 'CONFIG')).toMatch(/not in this region.*us-west-2/)
  })

  it('say that the clock is off, and that a session has ended', async () => {
    proxy.fault = () => ({ status: 403, code: 'RequestTimeTooSkewed', message: 'too large a difference' })
    expect(await refusal(store.get('a'), 'UNAVAILABLE')).toMatch(/clock of this machine/)
    proxy.fault = () => ({ status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' })
    expect(await refusal(store.get('a'), 'UNAVAILABLE')).toMatch(/credentials have expired.*aws sso login/)
  })

  it('say that there is no bucket, or no server', async () => {
    const other = openS3Store({ bucket: 'nobody-has-this', region: REGION, endpoint: proxy.url })
    expect(await refusal(other.get('a'), 'NOT_FOUND')).toMatch(/no bucket nobody-has-this/)
    other.close()
    const nowhere = openS3Store({ bucket, region: REGION, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 })
    expect(await refusal(nowhere.get('a'), 'UNAVAILABLE')).toMatch(/does not answer s3:GetObject/)
    nowhere.close()
  })

  it('say that there are no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
    const nobody = openS3Store({ bucket, region: REGION, endpoint: proxy.url })
    try {
      expect(await refusal(nobody.get('a'), 'CONFIG')).toMatch(/no credentials.*aws sso login/)
    } finally {
      vi.unstubAllEnvs()
      nobody.close()
    }
  })

  it("ask S3 to refuse another account's bucket, and name what was refused", async () => {
    const owned = openS3Store({ bucket, region: REGION, endpoint: proxy.url, owner: '123456789012' })
    await owned.put('a', '1')
    for await (const _ of owned.list('')) break
    expect(
      proxy.requests.every(({ headers }) => headers['x-amz-expected-bucket-owner'] === '123456789012'),
    ).toBe(true)
    proxy.fault = () => ({ status: 403, code: 'AccessDenied', message: 'Access Denied' })
    expect(await refusal(owned.get('a'), 'CONFIG')).toMatch(new RegExp(`s3:GetObject on s3://${bucket}/a`))
    owned.close()
  })

  it('do not come from listings of many pages', async () => {
    const keys = Array.from({ length: 23 }, (_, i) => `many/${String(i).padStart(5, '0')}/x`)
    await Promise.all(keys.map((key) => store.put(key, '')))
    proxy.rewrite = (url) => {
      if (url.searchParams.has('list-type')) url.searchParams.set('max-keys', '7')
    }
    const listed: string[] = []
    for await (const { key } of store.list('many/')) listed.push(key)
    expect(listed).toEqual(keys)
    expect(await store.folders('many/')).toHaveLength(keys.length)
    expect(proxy.requests.filter(({ url }) => url.searchParams.has('continuation-token'))).toHaveLength(6)
    proxy.rewrite = () => {}
  })
})
