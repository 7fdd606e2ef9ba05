import { z } from 'zod'
import {
  atSchema,
  cityParamsSchema,
  FORMATS,
  stageQuerySchema,
  targetQuerySchema,
  viewQuerySchema,
} from './common.ts'

/** Adds the choice of a download to a query. */
const withFormats = <Shape extends z.ZodRawShape>(query: z.ZodObject<Shape>) =>
  query.extend({ format: z.enum(FORMATS).default('json').describe('JSON, or a download') })

const whole = (from: number, to: number, usual: number) =>
  z.coerce.number().pipe(z.int().min(from).max(to)).default(usual)

export const noneSchema = z.strictObject({})
export const atQuerySchema = z.strictObject({ at: atSchema })
export const timelineQuerySchema = stageQuerySchema
export const stateQuerySchema = withFormats(viewQuerySchema)
export const topQuerySchema = withFormats(
  targetQuerySchema.extend({ n: whole(1, 500, 20).describe('how many of each list') }),
)
export const stationQuerySchema = withFormats(viewQuerySchema)
export const modelQuerySchema = withFormats(
  targetQuerySchema.extend({ days: whole(1, 60, 7).describe('days that the charts show') }),
)
export const systemQuerySchema = withFormats(
  atQuerySchema.extend({ days: whole(1, 60, 2).describe('days that the charts show') }),
)
export const releasesQuerySchema = withFormats(atQuerySchema)
export const plansQuerySchema = withFormats(noneSchema)
export const liveQuerySchema = z.strictObject({
  city: cityParamsSchema.shape.city.optional().describe('events of this city alone'),
})

/** An incident or a plan of a city. */
export const recordParamsSchema = cityParamsSchema.extend({
  id: z
    .string()
    .max(200)
    .regex(/^[a-z0-9-]+$/),
})
