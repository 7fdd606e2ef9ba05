import { access } from 'node:fs/promises'
import { SHARED_DATA } from '../../test/support/shared-data.ts'

/** The folder with the recordings; null where there is none. */
export async function dataFolder(): Promise<string | null> {
  return access(SHARED_DATA).then(
    () => SHARED_DATA,
    () => null,
  )
}
