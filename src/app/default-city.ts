import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { citySchema } from '../core/config/schema.ts'

const FILE = 'default-city'

/** Makes `city` the one that commands take when none is named. */
export async function writeDefaultCity(dataDir: string, city: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, FILE), `${city}\n`)
}

/** The city that was made the default; undefined when there is none. */
export async function readDefaultCity(dataDir: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => undefined)
  return citySchema.safeParse(text?.trim()).data
}
