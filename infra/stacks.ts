import { Tags, type App } from 'aws-cdk-lib'
import type { Settings } from './settings.ts'
import { DashboardStack } from './stacks/dashboard-stack.ts'
import { GithubStack } from './stacks/github-stack.ts'
import { JobsStack } from './stacks/jobs-stack.ts'
import { LakeStack } from './stacks/lake-stack.ts'
import { MonitoringStack } from './stacks/monitoring-stack.ts'
import { ServingStack } from './stacks/serving-stack.ts'

/** Every stack of a deployment, in the order in which they are made. */
export function addStacks(app: App, settings: Settings): void {
  Tags.of(app).add('application', 'bikeshare')
  const env = { region: settings.config.region }
  const lake = new LakeStack(app, 'bikeshare-lake', { env, settings })
  const { bucketName, repository } = lake
  const { topicArn } = new MonitoringStack(app, 'bikeshare-monitoring', { env, settings })
  const { endpointRoleArn, trainingRoleArn } = new ServingStack(app, 'bikeshare-serving', {
    env,
    bucketName,
    repository,
  })
  const common = { env, settings, bucketName, repository, topicArn, endpointRoleArn, trainingRoleArn }
  const { cluster, vpc } = new JobsStack(app, 'bikeshare-jobs', common)
  if (settings.github_repository !== '') new GithubStack(app, 'bikeshare-github', common)
  if (settings.public_dashboard) new DashboardStack(app, 'bikeshare-dashboard', { ...common, cluster, vpc })
}
