import { expect, it } from 'vitest'
import { tempDir } from '../../../test/support/temp-dir.ts'
import { openDirectoryStore } from '../../platform/local/directory-store.ts'
import { openMetricStore } from '../../platform/local/metric-store/metric-store.ts'
import { prometheusText } from './prometheus.ts'

const NOW = 1_715_688_030

it('gives the newest value of each metric as a gauge, and nothing for what is too old', async () => {
  const metrics = openMetricStore({ store: openDirectoryStore(await tempDir()), clock: () => NOW })
  const datum = (
    MetricName: string,
    Timestamp: number,
    Value: number,
    Dimensions: Record<string, string>,
  ) => ({
    MetricName,
    Timestamp,
    Value,
    Dimensions,
    Unit: 'None',
  })
  const prod = { EndpointName: 'bikeshare-prod', City: 'nyc' }
  await metrics.putMetricData('Bikeshare/Model', [
    datum('PR-AUC-24h', NOW - 630, 0.5, prod),
    datum('PR-AUC-24h', NOW - 30, 0.75, prod),
    datum('PSI', NOW - 3630, 0.1, prod),
    datum('PSI', NOW - 3630, 0.125, { ...prod, EndpointName: 'bikeshare-staging' }),
    datum('F1-24h', NOW - 8000, 0.9, prod),
    datum('9 of "mine"', NOW - 30, 3, { 'Where at': 'a"b\\c' }),
  ])
  const variant = { EndpointName: 'bikeshare-prod', VariantName: 'AllTraffic' }
  await metrics.putMetricData('AWS/SageMaker', [
    {
      MetricName: 'ModelLatency',
      Dimensions: variant,
      Timestamp: NOW - 90,
      Unit: 'Microseconds',
      Values: [10, 20],
    },
    datum('Invocation4XXErrors', NOW - 90, 0, variant),
    datum('Invocations', NOW - 901, 1, variant),
  ])
  expect(await prometheusText({ metrics }, { now: NOW })).toBe(
    `# HELP bikeshare__9_of_mine_ metric 9 of "mine"
# TYPE bikeshare__9_of_mine_ gauge
bikeshare__9_of_mine_{where_at="a\\"b\\\\c"} 3
# HELP bikeshare_pr_auc_24h PR-AUC of the predictions whose outcome came in the last 24 h (None)
# TYPE bikeshare_pr_auc_24h gauge
bikeshare_pr_auc_24h{city="nyc",endpoint="bikeshare-prod"} 0.75
# HELP bikeshare_psi greatest PSI of the station-state features over the last 24 h; one an hour (None)
# TYPE bikeshare_psi gauge
bikeshare_psi{city="nyc",endpoint="bikeshare-prod"} 0.1
bikeshare_psi{city="nyc",endpoint="bikeshare-staging"} 0.125
# HELP sagemaker_invocation_4xx_errors requests that were refused (None)
# TYPE sagemaker_invocation_4xx_errors gauge
sagemaker_invocation_4xx_errors{endpoint="bikeshare-prod",variant="AllTraffic"} 0
# HELP sagemaker_model_latency_p50 p50 of a minute: time in the model (Microseconds)
# TYPE sagemaker_model_latency_p50 gauge
sagemaker_model_latency_p50{endpoint="bikeshare-prod",variant="AllTraffic"} 15
# HELP sagemaker_model_latency_p95 p95 of a minute: time in the model (Microseconds)
# TYPE sagemaker_model_latency_p95 gauge
sagemaker_model_latency_p95{endpoint="bikeshare-prod",variant="AllTraffic"} 19.5
# HELP sagemaker_model_latency_p99 p99 of a minute: time in the model (Microseconds)
# TYPE sagemaker_model_latency_p99 gauge
sagemaker_model_latency_p99{endpoint="bikeshare-prod",variant="AllTraffic"} 19.9
`,
  )
  expect(await prometheusText({ metrics }, { now: NOW, namespace: 'Else' })).not.toContain('bikeshare_')
})
