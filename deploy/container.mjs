// What the image runs. SageMaker starts an endpoint's container with the word `serve` and the model in /opt/ml/model; a
// training job's with `train` and its channels in /opt/ml/input. Anything else is for the command line.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'

const [word, ...rest] = process.argv.slice(2)
const isJobOfSageMaker = rest.length === 0 && existsSync('/opt/ml')

if (word === 'serve' && isJobOfSageMaker) {
  const { findXgboostLibrary } = await import('../dist/platform/engines/xgboost/library.js')
  const { path } = findXgboostLibrary({ env: process.env, home: homedir() })
  const port = process.env.SAGEMAKER_BIND_TO_PORT ?? '8080'
  process.argv.splice(2, Infinity, '--library', path, '--port', port)
  await import('../dist/platform/engines/inference-server/container-program.js')
} else {
  await import('../dist/main.js')
}
