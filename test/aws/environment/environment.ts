import type { AthenaFront } from './athena-front.ts'
import { startAthenaFront } from './athena-front.ts'
import type { Server } from './child.ts'
import { installed } from './install.ts'
import { startMoto } from './moto.ts'
import { startTrino } from './trino.ts'

/** The region of every test. */
export const REGION = 'ca-central-1'

/** What runs for the tests; a part that this machine cannot have is not there. */
export interface Environment {
  /** S3, Glue and more, of moto. */
  readonly moto?: Server
  readonly trino?: Server
  readonly python?: string
  readonly missing: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts moto and Trino, each if it can be had; TEST_MOTO_URL and TEST_TRINO_URL name ones that run already. */
export async function startEnvironment(): Promise<Environment> {
  const { TEST_MOTO_URL, TEST_TRINO_URL } = process.env
  const { python, java, trino: home, missing } = await installed()
  if (TEST_MOTO_URL && TEST_TRINO_URL)
    return {
      moto: { url: TEST_MOTO_URL, close: async () => {} },
      trino: { url: TEST_TRINO_URL, close: async () => {} },
      ...(python !== undefined && { python }),
      missing,
      close: async () => {},
    }
  const servers: Server[] = []
  const close = async (): Promise<void> => {
    for (const server of servers.toReversed()) await server.close()
  }
  try {
    const moto = python === undefined ? undefined : await startMoto(python)
    if (moto) servers.push(moto)
    const trino =
      moto && java !== undefined && home !== undefined
        ? await startTrino({ home, java, aws: moto.url, region: REGION })
        : undefined
    if (trino) servers.push(trino)
    return {
      ...(moto && { moto }),
      ...(trino && { trino }),
      ...(python !== undefined && { python }),
      missing,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Athena's protocol in front of the running Trino. */
export const openFront = (trino: string, aws: string): Promise<AthenaFront> =>
  startAthenaFront({ trino, aws, region: REGION })
