import type { Clock } from '../../../core/time.ts'
import { ControlError, type DeploymentConfig, type EndpointHost, type ObjectStore } from '../../ports.ts'
import { arnOf } from './arn.ts'
import {
  checkConfig,
  checkInstances,
  checkModel,
  checkName,
  checkSomeWeight,
  checkWeight,
  isName,
} from './control-checks.ts'
import { inProgress, notFound, taken } from './control-refusals.ts'
import { describe } from './describe.ts'
import type { ConfigRecord, EndpointRecord, Fleet, HostState, ModelRecord, Tagged } from './host-state.ts'
import { checkDeploymentConfig } from './rollout.ts'
import type { Transitions } from './transition.ts'

/** The control calls of the host; descriptions also tell when a thing was made. */
export interface EndpointControl extends Omit<EndpointHost, 'invokeEndpoint' | 'flush' | 'close'> {
  describeModel(name: string): Promise<ModelRecord | undefined>
  describeEndpointConfig(name: string): Promise<ConfigRecord | undefined>
}

interface ControlParts {
  readonly store: ObjectStore
  readonly state: HostState
  readonly transitions: Transitions
  readonly clock: Clock
  /** Something of the endpoint has changed: the next request looks at it again. */
  readonly changed: (endpoint: string) => void
}

/** SageMaker's control calls over the host's state, with its refusals (ControlError). */
export function openControl(parts: ControlParts): EndpointControl {
  const { store, state, transitions, clock, changed } = parts

  const startUpdate = async (
    record: Tagged<EndpointRecord>,
    pending: Fleet,
    guard?: DeploymentConfig,
  ): Promise<void> => {
    const name = record.value.EndpointName
    const { FailureReason: _, ...rest } = record.value
    const next: EndpointRecord = {
      ...rest,
      Status: 'Updating',
      Pending: pending,
      ...(guard && { Guard: guard }),
      LastModifiedTime: clock(),
    }
    if (!(await state.replace('endpoints', name, next, record.etag))) throw inProgress(name)
    changed(name)
    transitions.advance(name)
  }

  /** An endpoint that can be updated. */
  const updatable = async (name: string): Promise<Tagged<EndpointRecord> & { serving: Fleet }> => {
    checkName(name, 'endpointName')
    const record = await state.read('endpoints', name)
    if (!record) throw notFound('endpoint', name)
    const { Status, Serving } = record.value
    if (Status === 'Failed')
      throw new ControlError(
        'ValidationException',
        `Cannot update endpoint "${arnOf('endpoint', name)}" in Failed status: delete and create it.`,
      )
    if (Status !== 'InService' || !Serving) throw inProgress(name)
    return { ...record, serving: Serving }
  }

  const fleetOf = async (configName: string): Promise<Fleet> => {
    checkName(configName, 'endpointConfigName')
    const config = await state.read('endpoint-configs', configName)
    if (!config) throw notFound('endpoint-config', configName)
    const variantsOf = async (listed: ConfigRecord['ProductionVariants']): Promise<Fleet['Variants']> => {
      const variants: Fleet['Variants'] = []
      for (const variant of listed) {
        const model = await state.read('models', variant.ModelName)
        if (!model) throw notFound('model', variant.ModelName)
        const { ModelDataUrl, Image } = model.value.PrimaryContainer
        variants.push({
          VariantName: variant.VariantName,
          ModelName: variant.ModelName,
          ModelDataUrl,
          ...(Image !== undefined && { Image }),
          Weight: variant.InitialVariantWeight,
          InstanceCount: variant.InitialInstanceCount,
        })
      }
      return variants
    }
    const { ProductionVariants, ShadowProductionVariants, DataCaptureConfig } = config.value
    return {
      EndpointConfigName: configName,
      Variants: await variantsOf(ProductionVariants),
      ...(ShadowProductionVariants && { Shadows: await variantsOf(ShadowProductionVariants) }),
      ...(DataCaptureConfig && { Capture: DataCaptureConfig }),
    }
  }

  return {
    async createModel(input) {
      checkModel(input)
      const { ModelDataUrl } = input.PrimaryContainer
      if (!(await isThere(store, ModelDataUrl)))
        throw new ControlError('ValidationException', `Could not find model data at ${ModelDataUrl}.`)
      const record: ModelRecord = { ...input, CreationTime: clock() }
      if (!(await state.create('models', input.ModelName, record))) throw taken('model', input.ModelName)
    },
    describeModel: async (name) => (isName(name) ? (await state.read('models', name))?.value : undefined),
    async deleteModel(name) {
      checkName(name, 'modelName')
      if (!(await state.read('models', name))) throw notFound('model', name)
      await state.remove('models', name)
    },

    async createEndpointConfig(config) {
      checkConfig(config)
      for (const { ModelName } of [...config.ProductionVariants, ...(config.ShadowProductionVariants ?? [])])
        if (!(await state.read('models', ModelName))) throw notFound('model', ModelName)
      const name = config.EndpointConfigName
      const record = { ...config, CreationTime: clock() } as ConfigRecord
      if (!(await state.create('endpoint-configs', name, record))) throw taken('endpoint-config', name)
    },
    describeEndpointConfig: async (name) =>
      isName(name) ? (await state.read('endpoint-configs', name))?.value : undefined,
    async deleteEndpointConfig(name) {
      checkName(name, 'endpointConfigName')
      if (!(await state.read('endpoint-configs', name))) throw notFound('endpoint-config', name)
      for (const { EndpointName, Serving, Pending } of await state.list('endpoints'))
        if (Serving?.EndpointConfigName === name || Pending?.EndpointConfigName === name)
          throw new ControlError(
            'ValidationException',
            `Cannot delete endpoint configuration "${arnOf('endpoint-config', name)}": ` +
              `endpoint "${arnOf('endpoint', EndpointName)}" uses it.`,
          )
      await state.remove('endpoint-configs', name)
    },

    async createEndpoint({ EndpointName: name, EndpointConfigName }) {
      checkName(name, 'endpointName')
      const now = clock()
      const record: EndpointRecord = {
        EndpointName: name,
        Status: 'Creating',
        Pending: await fleetOf(EndpointConfigName),
        CreationTime: now,
        LastModifiedTime: now,
      }
      if (!(await state.create('endpoints', name, record))) throw taken('endpoint', name)
      changed(name)
      transitions.advance(name)
    },
    async updateEndpoint({ EndpointName, EndpointConfigName, DeploymentConfig }) {
      const record = await updatable(EndpointName)
      const fleet = await fleetOf(EndpointConfigName)
      if (DeploymentConfig) {
        checkDeploymentConfig(DeploymentConfig)
        checkGuardable(record.serving, fleet)
      }
      await startUpdate(record, fleet, DeploymentConfig)
    },
    async updateEndpointWeightsAndCapacities({ EndpointName, DesiredWeightsAndCapacities: desired }) {
      const record = await updatable(EndpointName)
      await startUpdate(record, reweighed(record.serving, EndpointName, desired))
    },
    async describeEndpoint(name) {
      const record = isName(name) ? await state.read('endpoints', name) : undefined
      if (!record) return undefined
      transitions.advance(name)
      return describe(record.value, clock())
    },
    async listEndpoints() {
      const records = await state.list('endpoints')
      for (const { EndpointName, Pending } of records) if (Pending) transitions.advance(EndpointName)
      return records
        .map((record) => describe(record, clock()))
        .sort((a, b) => (a.EndpointName < b.EndpointName ? -1 : 1))
    },
    async deleteEndpoint(name) {
      checkName(name, 'endpointName')
      const record = await state.read('endpoints', name)
      if (!record) throw notFound('endpoint', name)
      if (record.value.Status !== 'InService' && record.value.Status !== 'Failed') {
        transitions.advance(name)
        throw inProgress(name)
      }
      await state.remove('endpoints', name)
      changed(name)
    },
  }
}

/** SageMaker shifts traffic from one variant to one variant. */
function checkGuardable(serving: Fleet, pending: Fleet): void {
  const fleets = [serving, pending]
  if (fleets.some(({ Variants, Shadows }) => Variants.length !== 1 || (Shadows?.length ?? 0) > 0))
    throw new ControlError(
      'ValidationException',
      'A DeploymentConfig is for endpoint configurations of one production variant and no shadow; enter and leave an A/B without one.',
    )
}

/** `fleet` with the weights and numbers of instances that are desired. */
function reweighed(
  fleet: Fleet,
  endpoint: string,
  desired: Parameters<EndpointHost['updateEndpointWeightsAndCapacities']>[0]['DesiredWeightsAndCapacities'],
): Fleet {
  for (const [i, { VariantName, DesiredWeight, DesiredInstanceCount }] of desired.entries()) {
    const field = `desiredWeightsAndCapacities.${i + 1}.member`
    if (DesiredWeight !== undefined) checkWeight(DesiredWeight, `${field}.desiredWeight`)
    if (DesiredInstanceCount !== undefined)
      checkInstances(DesiredInstanceCount, `${field}.desiredInstanceCount`)
    if (!fleet.Variants.some((variant) => variant.VariantName === VariantName))
      throw new ControlError(
        'ValidationException',
        `Could not find production variant "${VariantName}" in endpoint "${arnOf('endpoint', endpoint)}".`,
      )
  }
  const variants = fleet.Variants.map((variant) => {
    const wish = desired.findLast(({ VariantName }) => VariantName === variant.VariantName)
    return {
      ...variant,
      Weight: wish?.DesiredWeight ?? variant.Weight,
      InstanceCount: wish?.DesiredInstanceCount ?? variant.InstanceCount,
    }
  })
  checkSomeWeight(variants.map((variant) => variant.Weight))
  return { ...fleet, Variants: variants }
}

async function isThere(store: ObjectStore, wanted: string): Promise<boolean> {
  for await (const { key } of store.list(wanted)) if (key === wanted) return true
  return false
}
