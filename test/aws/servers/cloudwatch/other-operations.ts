import { z } from 'zod'
import { canonicalJson } from '../../../../src/core/hash.ts'
import { AwsRefusal } from '../protocol.ts'
import type { Operation } from './operation.ts'

const dashboard = z.object({ DashboardName: z.string(), DashboardBody: z.string() })
const named = z.object({ DashboardName: z.string() })
const detector = z.looseObject({
  SingleMetricAnomalyDetector: z.looseObject({ Stat: z.string() }).optional(),
  MetricMathAnomalyDetector: z.looseObject({ MetricDataQueries: z.array(z.unknown()) }).optional(),
})

/** Anomaly detectors, which here learn by themselves, and dashboards, which are kept as they are. */
export function otherOperations(): Record<string, Operation> {
  const detectors = new Map<string, object>()
  const dashboards = new Map<string, string>()
  return {
    async PutAnomalyDetector(input) {
      const parsed = detector.parse(input)
      if (!parsed.SingleMetricAnomalyDetector === !parsed.MetricMathAnomalyDetector)
        throw new AwsRefusal('InvalidParameterCombinationException', 'Give one kind of anomaly detector.')
      detectors.set(canonicalJson(input), parsed)
      return {}
    },
    async DeleteAnomalyDetector(input) {
      if (!detectors.delete(canonicalJson(input)))
        throw new AwsRefusal('ResourceNotFoundException', 'There is no such anomaly detector.', 404)
      return {}
    },
    async DescribeAnomalyDetectors() {
      return { AnomalyDetectors: [...detectors.values()] }
    },
    async PutDashboard(input) {
      const { DashboardName, DashboardBody } = dashboard.parse(input)
      try {
        const { widgets } = JSON.parse(DashboardBody) as { widgets?: unknown }
        if (!Array.isArray(widgets)) throw new Error('it has no widgets')
      } catch (error) {
        throw new AwsRefusal('InvalidParameterInput', `The dashboard body is invalid: ${String(error)}`)
      }
      dashboards.set(DashboardName, DashboardBody)
      return { DashboardValidationMessages: [] }
    },
    async GetDashboard(input) {
      const { DashboardName } = named.parse(input)
      const DashboardBody = dashboards.get(DashboardName)
      if (DashboardBody === undefined)
        throw new AwsRefusal('ResourceNotFound', `Dashboard ${DashboardName} does not exist`, 404)
      return {
        DashboardName,
        DashboardBody,
        DashboardArn: `arn:aws:cloudwatch::000000000000:dashboard/${DashboardName}`,
      }
    },
  }
}
