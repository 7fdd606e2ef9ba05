import { z } from 'zod'
import { cityNames, type CityNames } from '../src/core/city-names.ts'
import { citySchema, configSchema, type Config } from '../src/core/config/schema.ts'

/** What `cdk.json` (or `-c key=value`) says of an account's deployment. */
const contextSchema = z.object({
  /** Cities with the number of their stations: what traffic is due follows from it. */
  cities: fromText(z.record(citySchema, z.object({ stations: z.int().min(1).max(100_000) }))).refine(
    (cities) => Object.keys(cities).length > 0,
    'name at least one city',
  ),
  /** Name of the lake's bucket; empty makes one of account and region. */
  bucket: z.string().default(''),
  /** Tag of the container image in the repository that the lake's stack makes. */
  image_tag: z.string().min(1).default('latest'),
  /** Who gets mail of alarms and of the budget; empty sends none. */
  alarm_email: z.union([z.literal(''), z.email()]).default(''),
  /** `OWNER/NAME` of the repository whose workflows may deploy; empty makes no role for them. */
  github_repository: z
    .string()
    .regex(/^$|^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME')
    .default(''),
  /** Mail at 80 % of it, and when it is forecast to be passed; 0 sets none. */
  monthly_budget_usd: z.coerce.number().min(0).default(0),
  /** The dashboard in its public mode behind a load balancer. */
  public_dashboard: fromText(z.boolean()).default(false),
  /** Of the load balancer's HTTPS listener. */
  certificate_arn: z.string().default(''),
})

/** A city as it is deployed. */
export interface DeployedCity extends CityNames {
  readonly name: string
  readonly stations: number
}

/** Everything the stacks are made from. */
export interface Settings extends Omit<z.infer<typeof contextSchema>, 'cities'> {
  readonly cities: readonly DeployedCity[]
  readonly config: Config
}

/** Settings of a deployment. Rejects, naming the key, what is not as `contextSchema` says. */
export function readSettings(context: unknown, config: Config = configSchema.parse({})): Settings {
  const parsed = contextSchema.safeParse(context)
  if (!parsed.success)
    throw new Error(`the context of the deployment is not right:\n${z.prettifyError(parsed.error)}`)
  const names = Object.keys(parsed.data.cities)
  const cities = names.map((name) => ({
    name,
    stations: parsed.data.cities[name]?.stations ?? 0,
    ...cityNames(name, { first: names[0], db: config.db }),
  }))
  const settings = { ...parsed.data, cities, config }
  if (settings.public_dashboard && settings.certificate_arn === '')
    throw new Error(
      'public_dashboard needs certificate_arn: a page that anybody reads is served by HTTPS alone',
    )
  if (settings.monthly_budget_usd > 0 && settings.alarm_email === '')
    throw new Error('monthly_budget_usd needs alarm_email: somebody has to be told')
  return settings
}

/** `-c key=value` gives text where `cdk.json` gives JSON. */
function fromText<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value) as unknown
    } catch {
      return value
    }
  }, schema)
}
