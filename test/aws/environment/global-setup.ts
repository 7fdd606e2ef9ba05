import type { TestProject } from 'vitest/node'
import { type Environment, startEnvironment } from './environment.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of moto; undefined where Python's packages cannot be had. */
    moto: string | undefined
    /** Address of Trino; undefined without Java 24, or without moto. */
    trino: string | undefined
    /** Interpreter that has boto3, botocore and the AWS CLI. */
    awsPython: string | undefined
  }
}

let environment: Environment | undefined

/** Starts what the suites of AWS speak to, once for all of them. */
export async function setup({ provide }: TestProject): Promise<void> {
  environment = await startEnvironment()
  provide('moto', environment.moto?.url)
  provide('trino', environment.trino?.url)
  provide('awsPython', environment.python)
  for (const [part, reason] of Object.entries(environment.missing))
    process.stderr.write(`not covered, for want of ${part}: ${reason}\n`)
}

/** Ends it. */
export async function teardown(): Promise<void> {
  await environment?.close()
}
