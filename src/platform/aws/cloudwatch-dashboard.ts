import { CloudWatchClient, PutDashboardCommand } from '@aws-sdk/client-cloudwatch'
import { clientSettings, opened, type AwsAccess } from './aws-access.ts'
import { cloudWatchCall } from './cloudwatch-error.ts'

/** Puts or replaces a dashboard; CloudWatch's remarks about its body are given back. BAD_INPUT for one that it does not take. */
export async function putDashboard(
  access: AwsAccess,
  DashboardName: string,
  body: { readonly widgets: readonly object[] },
): Promise<string[]> {
  const client = opened(access, new CloudWatchClient(clientSettings(access)))
  try {
    const command = new PutDashboardCommand({ DashboardName, DashboardBody: JSON.stringify(body) })
    const { DashboardValidationMessages = [] } = await cloudWatchCall(
      'PutDashboard',
      `dashboard ${DashboardName}`,
      client.send(command),
    )
    return DashboardValidationMessages.map(({ Message = '' }) => Message)
  } finally {
    client.destroy()
  }
}
