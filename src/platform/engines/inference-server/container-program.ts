import { parseArgs } from 'node:util'
import { startContainer } from './container.ts'

// What the container runs: `node container-program.js --library /usr/lib/…/libxgboost.so`. SageMaker sends SIGTERM and ends
// the container 30 s later.
const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    'model-dir': { type: 'string', default: '/opt/ml/model' },
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '0.0.0.0' },
    threads: { type: 'string', default: '1' },
  },
})
if (values.library === undefined) throw new Error('--library PATH names the XGBoost library')

const container = await startContainer({
  modelDir: values['model-dir'],
  libraryPath: values.library,
  port: Number(values.port),
  hostname: values.host,
  threads: Number(values.threads),
})
process.stdout.write(`${JSON.stringify({ listening: container.url })}\n`)
process.once('SIGTERM', () => {
  void container.close()
})
