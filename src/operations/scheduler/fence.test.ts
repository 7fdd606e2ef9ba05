import { afterEach, beforeEach, expect, it } from 'vitest'
import { tempDir } from '../../../test/support/temp-dir.ts'
import { configSchema } from '../../core/config/schema.ts'
import { silentReporter } from '../../core/report.ts'
import { composePlatform } from '../../platform/compose.ts'
import type { Platform } from '../../platform/ports.ts'
import { fencedPlatform } from './fence.ts'

let local: Platform
beforeEach(async () => {
  local = await composePlatform(configSchema.parse({}), {
    root: await tempDir(),
    clock: () => 1_715_688_000,
    elapsedMs: () => 0,
    env: {},
    random: () => 0,
    report: silentReporter,
  })
})
afterEach(() => local.close())

it('what only a cloud has is fenced where it is there, and absent where it is not', async () => {
  const held = fencedPlatform(local, async () => {})
  expect([held.topic, held.packages, 'muteActions' in held.alarms]).toEqual([undefined, undefined, false])
  const done: string[] = []
  const cloud: Platform = Object.create(local, {
    topic: { value: { target: 'arn', publish: async () => void done.push('publish') } },
    packages: { value: { put: async () => done.push('put') } },
    alarms: { value: { ...local.alarms, muteActions: async () => void done.push('mute') } },
  }) as Platform
  const changes = ({ topic, packages, alarms }: Platform): (() => unknown)[] => [
    () => topic?.publish({ subject: '', message: '' }),
    () => packages?.put({ group: 'g', version: '1', archiveKey: 'a', approved: true, properties: {} }),
    () => alarms.muteActions?.(() => true),
  ]
  for (const change of changes(fencedPlatform(cloud, async () => {}))) await change()
  expect(done).toEqual(['publish', 'put', 'mute'])
  const lost = (): Promise<void> => Promise.reject(new Error('the lease is lost'))
  for (const change of changes(fencedPlatform(cloud, lost)))
    await expect(change()).rejects.toThrow('the lease is lost')
  expect(done).toHaveLength(3)
})
