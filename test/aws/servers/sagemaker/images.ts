import { fileURLToPath } from 'node:url'
import type { Images } from '../../../../src/platform/local/endpoint-host/loaded-models.ts'

const PROGRAM = new URL(
  '../../../../src/platform/engines/inference-server/container-program.ts',
  import.meta.url,
)

/** The image that the tests' models name. */
export const IMAGE = '000000000000.dkr.ecr.ca-central-1.amazonaws.com/bikeshare:1'

/** Our real container program, for the models of that image: a process each. */
export function containerImages(libraryPath: string): Images {
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(PROGRAM)]
  const quoted = [...node, '--library', libraryPath].map((part) => `'${part}'`).join(' ')
  return {
    [IMAGE]: [
      '/bin/sh',
      '-c',
      `exec ${quoted} --model-dir "$SM_MODEL_DIR" --port "$SAGEMAKER_BIND_TO_PORT" --host 127.0.0.1`,
    ],
  }
}
