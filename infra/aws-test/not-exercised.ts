/** What a role may do and does not while the tests look, and why it may all the same. */
export interface NotExercised {
  readonly roles: RegExp
  readonly action: RegExp
  readonly resource: RegExp
  readonly why: string
}

const entry = (why: string, roles: RegExp, action: RegExp, resource = /./): NotExercised => ({
  roles,
  action,
  resource,
  why,
})

/** An entry of which nothing is left unexercised is an error: it has become pointless. */
export const NOT_EXERCISED: readonly NotExercised[] = [
  entry(
    'A further city of the account: as the first.',
    /./,
    /./,
    /bikeshare-sf-|mlops_bikeshare_sf|alarm:sf-/,
  ),
  entry('An upload in parts that fails is taken back.', /./, /^s3:AbortMultipartUpload$/),
  entry('A statement that is broken off is stopped.', /./, /^athena:StopQueryExecution$/),
  entry('A training that is broken off is stopped.', /^retrain$/, /^sagemaker:StopTrainingJob$/),
  entry(
    'Glue asks for catalogue, database and table alike; GetDatabase has no table.',
    /./,
    /^glue:GetDatabase$/,
  ),
  entry('The first snapshot of a city begins its lake.', /^ingest$/, /^s3:PutObject$/, /lake\.json$/),
  entry('Input that is refused is kept.', /^ingest$/, /^s3:PutObject$/, /ingest_errors/),
  entry(
    'A snapshot whose day was closed meanwhile is merged, and its own file removed.',
    /^ingest$/,
    /^s3:DeleteObject$/,
    /station_status_live/,
  ),
  entry(
    'Skew is told from captured requests; there were none yet.',
    /^batch$/,
    /^s3:GetObject$/,
    /datacapture/,
  ),
  entry('Alarms that nobody wants any more are removed.', /^(batch|workflow)$/, /^cloudwatch:Delete/),
  entry('Alarms and their windows read metrics.', /./, /^cloudwatch:(GetMetricData|ListMetrics)$/),
  entry(
    'Endpoints of the other stage and target: as the one for bikes in production.',
    /./,
    /^sagemaker:/,
    /endpoint\/bikeshare-(?:staging|prod)(?:-docks)?$/,
  ),
  entry(
    'A release by A/B or shadow compares in statements what candidates said.',
    /^(release|workflow)$/,
    /^(?:athena|glue|s3):/,
    /workgroup\/|:glue:|\/(?:curated|features|inference|monitoring|athena_results)\/|:::[^/]*$/,
  ),
  entry(
    'What is not there yet is created, and what serves already is updated.',
    /^(release|retrain)$/,
    /^sagemaker:(?:Create|Update)Endpoint$/,
    /endpoint-config/,
  ),
  entry(
    'Versions of the other target: as those for bikes.',
    /^release$/,
    /ModelPackage/,
    /bikeshare-nyc-docks/,
  ),
  entry(
    'A version that is trained again when it serves already is approved.',
    /^retrain$/,
    /^sagemaker:UpdateModelPackage$/,
  ),
  entry('A staging that was stopped starts as it was.', /^retrain$/, /^s3:GetObject$/, /stopped/),
  entry(
    'Days that changed since the daily jobs are built again, with what they are built from.',
    /^retrain$/,
    /^s3:(?:Put|Delete)Object$/,
    /curated/,
  ),
  entry('An incident is opened when there is cause.', /^(release|workflow)$/, /^s3:/, /incidents/),
  entry(
    'A staging that is idle is stopped, and started again.',
    /^(release|workflow)$/,
    /^s3:/,
    /stopped\/|deployments\//,
  ),
  entry('What is past its time goes; of these nothing was.', /^daily$/, /^s3:DeleteObject$/),
  entry(
    'A report tells of incidents, alarms and releases, of which the day had none.',
    /^daily$/,
    /^s3:GetObject$/,
    /(?:incidents|releases|reports|history|alarms)\//,
  ),
  entry(
    'Workflows run the gate and promote, roll back and waive, which the suites of releases do on the local platform.',
    /^workflow$/,
    /^(?:s3|cloudwatch|sagemaker|iam):/,
  ),
  entry('The stacks are changed by CDK with roles of its own.', /^workflow$/, /^sts:AssumeRole$/),
]
