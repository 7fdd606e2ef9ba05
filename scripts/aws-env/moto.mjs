import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePythonFolder } from '../setup/python-folder.mjs'
import { awsCache } from './cache.mjs'

const requirements = fileURLToPath(new URL('../../test/aws/environment/requirements.txt', import.meta.url))

/** Installs moto, boto3 and the AWS CLI; resolves to the interpreter that has them. */
export async function installMoto(progress) {
  const id = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const folder = awsCache(`python-${id}`)
  const stamp = join(folder, '.complete')
  if (!existsSync(stamp))
    await makePythonFolder({
      label: 'Installing moto, boto3 and the AWS CLI',
      folder,
      requirements,
      progress,
    })
  return join(folder, 'bin', 'python3')
}
