/** One price as it was published. */
export interface Price {
  /** In US dollars for one `unit`; null is a price that could not be had: its lines say "price unknown". */
  readonly usd: number | null
  readonly unit: string
  /** Of the figure. Where it is not the lake's own region, the line says so. */
  readonly region: string | null
  /** Units a month that cost nothing, for every account and for good. */
  readonly free?: number
  readonly source: string
  /** When the source states it, `YYYY-MM` or `YYYY-MM-DD`; null when it does not say. */
  readonly date: string | null
}

/** Currency of every price. */
export const CURRENCY = 'USD'
/** The newest dated price of the table. Prices change: take your own from AWS's calculator before you decide by them. */
export const PRICES_AS_OF = '2026-07'

const CLOUDWATCH = 'aws.amazon.com/cloudwatch/pricing, as quoted in public cost guides'

/**
 * Public list prices, without tax, discount or the first year's free tier. Most could only be had for us-east-1; ca-central-1
 * is, where both are known (S3), about a tenth dearer.
 */
export const PRICES = {
  s3_storage: {
    usd: 0.025,
    unit: 'GB-month',
    region: 'ca-central-1',
    source: 'AWS Price List API, AmazonS3, first 50 TB',
    date: '2026-07-01',
  },
  s3_put: {
    usd: 0.005,
    unit: '1,000 requests',
    region: 'us-east-1',
    source: 'AWS Price List API, AmazonS3, tier 1 requests',
    date: '2026-07-21',
  },
  s3_get: {
    usd: 0.0004,
    unit: '1,000 requests',
    region: 'us-east-1',
    source: 'AWS Price List API, AmazonS3, tier 2 requests',
    date: '2026-07-21',
  },
  athena_scan: {
    usd: 5,
    unit: 'TB scanned',
    region: 'us-east-1',
    source: 'aws.amazon.com/athena/pricing; 10 MB at least a query',
    date: null,
  },
  sagemaker_data: {
    usd: 0.016,
    unit: 'GB in or out',
    region: 'eu-west-1',
    source: 'a published bill, "per GB for Endpoint Data IN/OUT"',
    date: '2023-12',
  },
  cloudwatch_metric: {
    usd: 0.3,
    unit: 'metric-month',
    region: 'us-east-1',
    source: `${CLOUDWATCH}: first 10,000`,
    date: null,
  },
  cloudwatch_alarm: {
    usd: 0.1,
    unit: 'alarm metric-month',
    region: 'us-east-1',
    source: `${CLOUDWATCH}: every metric that an alarm lists`,
    date: null,
  },
  cloudwatch_composite: {
    usd: 0.5,
    unit: 'composite alarm-month',
    region: 'us-east-1',
    source: CLOUDWATCH,
    date: null,
  },
  cloudwatch_anomaly: {
    usd: null,
    unit: 'anomaly alarm-month',
    region: null,
    source: 'public guides contradict each other',
    date: null,
  },
  cloudwatch_put: {
    usd: 0.01,
    unit: '1,000 requests',
    region: 'us-east-1',
    source: CLOUDWATCH,
    date: null,
  },
  cloudwatch_get: {
    usd: 0.01,
    unit: '1,000 metrics requested',
    region: 'us-east-1',
    source: CLOUDWATCH,
    date: null,
  },
  cloudwatch_dashboard: {
    usd: 3,
    unit: 'dashboard-month',
    region: 'us-east-1',
    source: CLOUDWATCH,
    date: null,
  },
  scheduler: {
    usd: 1,
    unit: 'million invocations',
    region: 'us-east-1',
    free: 14,
    source: 'aws.amazon.com/eventbridge/pricing, as quoted in a public cost guide',
    date: '2026-03-13',
  },
  sns_email: {
    usd: 2,
    unit: '100,000 notifications',
    region: 'us-east-1',
    source: 'aws.amazon.com/sns/pricing, as quoted in a public cost guide',
    date: '2026-06-13',
  },
  job_compute: {
    usd: null,
    unit: 'hour',
    region: null,
    source: 'depends on what runs the jobs',
    date: null,
  },
} as const satisfies Readonly<Record<string, Price>>

/** On-demand instances that serve, an hour. A type that is not here has no known price. */
const HOSTING: Readonly<Record<string, Price>> = {
  'ml.m5.large': hosting(0.115),
  'ml.m5.xlarge': hosting(0.23),
}

function hosting(usd: number): Price {
  return {
    usd,
    unit: 'instance-hour',
    region: 'us-east-1',
    source: 'aws.amazon.com/sagemaker/pricing, as quoted in public price tables',
    date: null,
  }
}

const UNKNOWN: Omit<Price, 'unit'> = { usd: null, region: null, source: 'not found', date: null }

/** Price of an hour of an instance that serves. */
export function hostingPrice(instanceType: string): Price {
  return HOSTING[instanceType] ?? { ...UNKNOWN, unit: 'instance-hour' }
}

/** Price of an hour of training; none could be had that tells training from hosting. */
export function trainingPrice(_instanceType: string): Price {
  return { ...UNKNOWN, unit: 'instance-hour' }
}
