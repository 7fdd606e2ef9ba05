import { z } from 'zod'
import { momentSchema, stageSchema, targetSchema } from './common.ts'

/** What a visitor may do: `public` looks at what is coarse, `viewer` at everything, `operator` changes state. */
export const ACCESS = ['public', 'viewer', 'operator'] as const
export type Access = (typeof ACCESS)[number]

export const sessionSchema = z.strictObject({
  access: z.enum(ACCESS),
  /** Name of the token; null without one. */
  name: z.string().nullable(),
  /** City whose lake knows the token: its role holds there alone. Null without a token. */
  city: z.string().nullable(),
  /** A public server: no operator functions, coarse data. */
  public_mode: z.boolean(),
  /** A folder of files, without a server behind it: nothing can be asked that is not in it. */
  snapshot: z.boolean(),
  /** URL template of map tiles, when one is configured. */
  tile_url: z.string().nullable(),
  /** Attribution of these tiles. */
  tile_attribution: z.string().nullable(),
  version: z.string(),
})
export type Session = z.infer<typeof sessionSchema>

export const signInSchema = z.strictObject({ token: z.string().min(1).max(200) })

/** A city that this server shows. */
export const citySummarySchema = z.strictObject({
  name: z.string(),
  timezone: z.string(),
  country: z.string().nullable(),
  stations: z.int().nonnegative(),
  /** West, south, east, north of its stations; null without any. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  endpoints: z.array(
    z.strictObject({ endpoint: z.string(), stage: stageSchema, target: targetSchema, status: z.string() }),
  ),
  now: momentSchema,
  clock: z.enum(['live', 'virtual']),
  /** First and last snapshot; null for a lake that has none yet. */
  from: momentSchema.nullable(),
  to: momentSchema.nullable(),
  /** Why its lake cannot be shown (another format, damaged); null when it can. */
  problem: z.string().nullable(),
})
export const citiesSchema = z.strictObject({ cities: z.array(citySummarySchema) })
export type CitySummary = z.infer<typeof citySummarySchema>
