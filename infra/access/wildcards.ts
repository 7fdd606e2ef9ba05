/** A resource with a wildcard that a policy may have, and why no narrower one can be named. */
export interface AllowedWildcard {
  /** Actions that may have it; a policy statement must not have others beside them. */
  readonly actions: readonly string[]
  /** What the resource looks like, with CloudFormation's pseudo parameters written `${…}`. */
  readonly resource: RegExp
  readonly why: string
}

/** Every wildcard of the templates. A statement with another one fails the policy check. */
export const ALLOWED_WILDCARDS: readonly AllowedWildcard[] = [
  {
    actions: [
      's3:GetObject',
      's3:PutObject',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
      's3:DeleteObject',
    ],
    resource:
      /:s3:::[^*]+\/\*\/(?:[a-z_-]+\/)+\*$|:s3:::[^*]+\/\*\/[a-z]+\.(?:json|sql)$|:s3:::[^*]+\/athena_results\/\*$/,
    why: "Objects below a prefix of any city's lake; keys have a day and a time in them.",
  },
  {
    actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
    resource: /:glue:.*:table\/[a-z0-9_]+\/\*$/,
    why: 'All tables of the one database: a statement may read any of them.',
  },
  {
    actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
    resource: /^\*$/,
    why: 'CloudWatch knows no resource for reading metrics.',
  },
  {
    actions: ['cloudwatch:PutMetricData'],
    resource: /^\*$/,
    why: 'CloudWatch knows no resource for it; the namespace is a condition.',
  },
  {
    actions: ['cloudwatch:PutAnomalyDetector', 'cloudwatch:DeleteAnomalyDetector'],
    resource: /^\*$/,
    why: 'CloudWatch knows no resource for anomaly detectors.',
  },
  {
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory'],
    resource: /:cloudwatch:.*:alarm:\*$/,
    why: 'Describing takes alarm:* alone.',
  },
  {
    actions: [
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:PutCompositeAlarm',
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:EnableAlarmActions',
    ],
    resource: /:cloudwatch:.*:alarm:[a-z0-9-]*prod-\*$/,
    why: "The alarms of a city's endpoints in production, by the head of their names.",
  },
  {
    actions: ['sagemaker:ListEndpoints'],
    resource: /^\*$/,
    why: 'SageMaker knows no resource for listing.',
  },
  {
    actions: ['sagemaker:CreateModel', 'sagemaker:DescribeModel'],
    resource: /:sagemaker:.*:model\/\*$/,
    why: 'A release makes models whose names have the group and the version in them.',
  },
  {
    actions: [
      'sagemaker:CreateEndpointConfig',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:DeleteEndpointConfig',
    ],
    resource: /:sagemaker:.*:endpoint-config\/bikeshare-\*$/,
    why: 'A release makes endpoint configs whose names have the version and the moment in them.',
  },
  {
    actions: ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'],
    resource: /:sagemaker:.*:endpoint-config\/bikeshare-\*$/,
    why: 'The endpoint config that an update names is new each time.',
  },
  {
    actions: ['sagemaker:AddTags'],
    resource: /:sagemaker:.*:(?:model\/\*|(?:endpoint-config|training-job)\/bikeshare-\*)$/,
    why: 'Tags are given to what is made, with names as above and below.',
  },
  {
    actions: ['sagemaker:ListModelPackages', 'sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'],
    resource: /:sagemaker:.*:model-package\/bikeshare-[a-z0-9-]+\/\*$/,
    why: 'SageMaker numbers the versions of a group itself.',
  },
  {
    actions: ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'],
    resource: /:sagemaker:.*:training-job\/bikeshare-\*$/,
    why: 'A training job is named by its data and parameters.',
  },
  {
    actions: ['ecr:GetAuthorizationToken'],
    resource: /^\*$/,
    why: 'ECR knows no resource for signing in.',
  },
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:CreateLogGroup'],
    resource: /:logs:.*:log-group:\/?(?:aws\/sagemaker|bikeshare)\/[A-Za-z/]*\*$|:log-stream:\*$/,
    why: 'SageMaker names log groups by endpoint, and log streams are named by instance.',
  },
  {
    actions: ['ecs:RunTask'],
    resource: /:task-definition\/bikeshare-[a-z-]+:\*$/,
    why: 'Any revision of the one task definition: a schedule must not be changed with every release of the program.',
  },
]
