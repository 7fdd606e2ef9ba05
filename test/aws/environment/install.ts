import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where the parts of the environment are; one that this machine cannot have is missing, with the reason. */
export interface Installed {
  /** Interpreter with moto, boto3 and the AWS CLI. */
  readonly python?: string
  /** Home of a Java that runs Trino. */
  readonly java?: string
  /** Trino's folder. */
  readonly trino?: string
  readonly missing: Readonly<Record<string, string>>
}

/** Installs what is not there yet, by scripts/aws-env.mjs. */
export async function installed(): Promise<Installed> {
  const script = join(import.meta.dirname, '../../../scripts/aws-env.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json'])
  return JSON.parse(stdout) as Installed
}
