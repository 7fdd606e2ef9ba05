import { MONTH_HOURS } from '../cost/lake-size.ts'
import { CURRENCY, hostingPrice } from '../cost/prices.ts'
import type { StoppedEndpoint } from './stopped-file.ts'

/** What an endpoint's instances cost a month of 730 hours by the list prices; null when a price is not known. */
export function monthlyCost({
  config,
  variants,
}: Pick<StoppedEndpoint, 'config' | 'variants'>): number | null {
  let total = 0
  for (const { VariantName, InstanceType, InitialInstanceCount } of config.ProductionVariants) {
    const { usd } = hostingPrice(InstanceType)
    if (usd === null) return null
    const instances =
      variants.find(({ variant }) => variant === VariantName)?.instances ?? InitialInstanceCount
    total += usd * instances * MONTH_HOURS
  }
  return total
}

/** `saves 83.95 USD a month on AWS`; that it is not known, when it is not. */
export function savingWords(usd: number | null): string {
  return usd === null
    ? 'what that saves on AWS is not known: the price of its instances is not'
    : `saves ${usd.toFixed(2)} ${CURRENCY} a month on AWS, by list prices`
}
