import { MAX_NAME_LENGTH, NAME_PATTERN } from '../../../core/names.ts'
import { ControlError, type CreateModelInput, type EndpointConfig } from '../../ports.ts'

/** SageMaker's limit of variants in one configuration. */
const MAX_VARIANTS = 10
const MAX_INSTANCES = 1000

/** True for what SageMaker takes as a name; anything else names nothing. */
export const isName = (name: string): boolean => name.length <= MAX_NAME_LENGTH && NAME_PATTERN.test(name)

/** Throws ValidationException, worded as SageMaker's, unless `name` is one that it takes. */
export function checkName(name: string, field: string): void {
  if (isName(name)) return
  throw refusal(
    name,
    field,
    `Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
  )
}

export function checkModel(input: CreateModelInput): void {
  checkName(input.ModelName, 'modelName')
  const { ModelDataUrl } = input.PrimaryContainer
  if (ModelDataUrl === '' || ModelDataUrl.length > 1024)
    throw refusal(ModelDataUrl, 'primaryContainer.modelDataUrl', 'Member must have length between 1 and 1024')
}

export function checkConfig(config: EndpointConfig): void {
  checkName(config.EndpointConfigName, 'endpointConfigName')
  const variants = config.ProductionVariants
  if (variants.length < 1)
    throw refusal('[]', 'productionVariants', 'Member must have length greater than or equal to 1')
  if (variants.length > MAX_VARIANTS)
    throw refusal(
      `${variants.length} variants`,
      'productionVariants',
      `Member must have length less than or equal to ${MAX_VARIANTS}`,
    )
  for (const [i, variant] of variants.entries()) {
    const field = `productionVariants.${i + 1}.member`
    checkName(variant.VariantName, `${field}.variantName`)
    checkName(variant.ModelName, `${field}.modelName`)
    checkWeight(variant.InitialVariantWeight, `${field}.initialVariantWeight`)
    checkInstances(variant.InitialInstanceCount, `${field}.initialInstanceCount`)
    if (!/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(variant.InstanceType))
      throw refusal(variant.InstanceType, `${field}.instanceType`, 'Member must be an ML instance type')
  }
  const shadows = config.ShadowProductionVariants ?? []
  if (shadows.length > 0 && (shadows.length > 1 || variants.length > 1))
    throw new ControlError(
      'ValidationException',
      'An endpoint configuration with a shadow has one production variant and one shadow.',
    )
  for (const { VariantName, ModelName, InitialVariantWeight } of shadows) {
    checkName(VariantName, 'shadowProductionVariants.1.member.variantName')
    checkName(ModelName, 'shadowProductionVariants.1.member.modelName')
    checkWeight(InitialVariantWeight, 'shadowProductionVariants.1.member.initialVariantWeight')
  }
  const all = [...variants, ...shadows]
  const names = new Set(all.map((variant) => variant.VariantName))
  if (names.size < all.length)
    throw new ControlError(
      'ValidationException',
      'Production variant names must be unique within an endpoint configuration.',
    )
  checkSomeWeight(variants.map((variant) => variant.InitialVariantWeight))
  const percent = config.DataCaptureConfig?.InitialSamplingPercentage ?? 100
  if (!(percent >= 0 && percent <= 100))
    throw refusal(
      String(percent),
      'dataCaptureConfig.initialSamplingPercentage',
      'Member must be between 0 and 100',
    )
}

export function checkWeight(weight: number, field: string): void {
  if (!(weight >= 0 && Number.isFinite(weight)))
    throw refusal(String(weight), field, 'Member must have value greater than or equal to 0')
}

export function checkInstances(count: number, field: string): void {
  if (Number.isInteger(count) && count > MAX_INSTANCES)
    throw new ControlError(
      'ResourceLimitExceeded',
      `${count} instances are more than the limit of ${MAX_INSTANCES} a variant.`,
    )
  if (!(Number.isInteger(count) && count >= 1))
    throw refusal(String(count), field, 'Member must have value greater than or equal to 1')
}

/** Traffic must go somewhere. */
export function checkSomeWeight(weights: readonly number[]): void {
  if (!weights.some((weight) => weight > 0))
    throw new ControlError(
      'ValidationException',
      'At least one production variant must have a weight above 0.',
    )
}

function refusal(value: string, field: string, constraint: string): ControlError {
  return new ControlError(
    'ValidationException',
    `1 validation error detected: Value '${value.slice(0, 100)}' at '${field}' failed to satisfy constraint: ${constraint}`,
  )
}
