import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayKey, liveStatusKey } from '../../core/keys.ts'
import { tableFiles } from './table-files.ts'

const DAY = '2024-03-12'
const MIDNIGHT = Date.parse(`${DAY}T00:00:00Z`) / 1000

describe('the files of a table', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bikeshare-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  async function touch(key: string): Promise<string> {
    const path = join(root, key)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, '')
    return path
  }

  it('are a whole day at every moment of its compaction', async () => {
    for (let round = 0; round < 40; round += 1) {
      const city = `c${round}`
      const live: string[] = []
      for (let i = 0; i < 12; i += 1) live.push(await touch(liveStatusKey(city, MIDNIGHT + i * 60)))
      const ref = { dataset: 'station_status', city, dsFrom: DAY, dsTo: DAY } as const
      const seen: string[][] = []
      const look = async (): Promise<void> => {
        for (let i = 0; i < 5; i += 1) seen.push(await tableFiles(root, ref))
      }
      const looks = Promise.all([look(), look(), look()])
      // The whole compaction at once, while every look is somewhere between its parts.
      await tableFiles(root, { ...ref, city: 'elsewhere' })
      const day = join(root, dayKey('station_status', city, DAY))
      mkdirSync(dirname(day), { recursive: true })
      writeFileSync(day, '')
      for (const path of live) unlinkSync(path)
      await looks
      for (const files of seen) expect([[day], live]).toContainEqual(files)
    }
  })

  it('are only Parquet files, in order', async () => {
    const folder = `features/city=c/ds=${DAY}`
    const files = [await touch(`${folder}/a.parquet`), await touch(`${folder}/b.parquet`)]
    await touch(`${folder}/_inputs.json`)
    expect(await tableFiles(root, { dataset: 'features', city: 'c', dsFrom: DAY, dsTo: DAY })).toEqual(files)
  })

  it('of live status alone are nobody’s to ask for', async () => {
    const ref = { dataset: 'station_status_live', city: 'c', dsFrom: DAY, dsTo: DAY } as const
    await expect(tableFiles(root, ref)).rejects.toThrow(/station_status covers it/)
  })
})
