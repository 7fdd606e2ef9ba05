import type { DeployedVariant } from '../../core/contracts/deployment.ts'
import { modelPrefix } from '../../core/keys.ts'
import type { EndpointConfig, EndpointHost } from '../../platform/ports.ts'
import { ARCHIVE_FILE } from '../registry/registry.ts'
import { controlled } from './settled.ts'

/**
 * Makes what an endpoint config needs and is not there yet: the models of its variants, then the config. Nothing that serves
 * is changed; `again` says what to do when the host refuses.
 */
export async function prepareConfig(
  endpoints: EndpointHost,
  config: EndpointConfig,
  models: readonly Pick<DeployedVariant, 'group' | 'model_version' | 'model_name'>[],
  again: string,
): Promise<void> {
  for (const { group, model_version, model_name } of models)
    if (!(await endpoints.describeModel(model_name)))
      await controlled(
        endpoints.createModel({
          ModelName: model_name,
          PrimaryContainer: { ModelDataUrl: `${modelPrefix(group, model_version)}${ARCHIVE_FILE}` },
        }),
        again,
      )
  if (!(await endpoints.describeEndpointConfig(config.EndpointConfigName)))
    await controlled(endpoints.createEndpointConfig(config), again)
}
