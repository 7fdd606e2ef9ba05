import type { AwsAccess } from '../../../src/platform/aws/aws-access.ts'

// The servers of the tests take any signature; the SDKs find these as they would find an operator's own.
process.env['AWS_ACCESS_KEY_ID'] ??= 'test'
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test'
process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true'

/** How a server of the tests is reached; a call is tried once. */
export function accessTo(url: string, more: Partial<AwsAccess> = {}): AwsAccess {
  return { region: 'ca-central-1', endpoint: url, maxAttempts: 1, ...more }
}
