import { keyOf, uriOf, type S3Location } from '../../../../src/platform/aws/s3-location.ts'
import type { LocalEndpointHost } from '../../../../src/platform/local/endpoint-host/endpoint-host.ts'

/** The host, whose archives are named by their addresses in S3. */
export function inS3(host: LocalEndpointHost, lake: S3Location): LocalEndpointHost {
  return {
    ...host,
    createModel: ({ PrimaryContainer, ...input }) =>
      host.createModel({
        ...input,
        PrimaryContainer: { ...PrimaryContainer, ModelDataUrl: keyOf(lake, PrimaryContainer.ModelDataUrl) },
      }),
    describeModel: (async (name: string) => {
      const model = await host.describeModel(name)
      if (!model) return undefined
      const { PrimaryContainer } = model
      return {
        ...model,
        PrimaryContainer: { ...PrimaryContainer, ModelDataUrl: uriOf(lake, PrimaryContainer.ModelDataUrl) },
      }
    }) as LocalEndpointHost['describeModel'],
  }
}
