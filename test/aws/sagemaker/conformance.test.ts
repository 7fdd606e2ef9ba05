import { afterAll, expect, inject, it } from 'vitest'
import { openScorer } from '../../../src/platform/engines/xgboost/scorer.ts'
import { endpointHostSuite } from '../../conformance/endpoint-host.ts'
import { libraryPath } from '../../support/stump-model.ts'
import { checkByBotocore } from '../servers/botocore.ts'
import { openRecorder, type RecordedCall } from '../servers/recorder.ts'
import { containerImages } from '../servers/sagemaker/images.ts'
import { openSageMakerSubject } from '../servers/sagemaker/subject.ts'

const recorder = openRecorder()
const served: RecordedCall[] = []
const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
afterAll(() => scorer.close())

endpointHostSuite('SageMaker, each model in a container of ours', async () => {
  const subject = await openSageMakerSubject({
    scorer,
    hosting: { images: containerImages(libraryPath()) },
    access: { onClient: recorder.onClient },
  })
  return {
    ...subject,
    async close() {
      await subject.close()
      served.push(...subject.server.log.calls)
    },
  }
})

it.skipIf(inject('awsPython') === undefined)(
  'asks and answers what botocore’s models have, no more',
  async () => {
    const python = inject('awsPython') ?? ''
    const asked = await checkByBotocore(python, recorder.calls)
    expect(asked.deviations).toEqual([])
    expect(asked.operations).toEqual([
      'sagemaker-runtime.InvokeEndpoint',
      'sagemaker.CreateEndpoint',
      'sagemaker.CreateEndpointConfig',
      'sagemaker.CreateModel',
      'sagemaker.DeleteEndpoint',
      'sagemaker.DeleteEndpointConfig',
      'sagemaker.DeleteModel',
      'sagemaker.DescribeEndpoint',
      'sagemaker.ListEndpoints',
      'sagemaker.UpdateEndpoint',
      'sagemaker.UpdateEndpointWeightsAndCapacities',
    ])
    const answered = await checkByBotocore(python, served)
    expect(answered.deviations).toEqual([])
    expect(answered.checked).toBeGreaterThan(100)
  },
)
