import { z } from 'zod'
import { trainingParamsSchema } from '../contracts/manifest.ts'

/** Name of a city: part of keys and endpoint names. */
export const citySchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'use 1 to 32 lower-case letters, digits and hyphens')

const cityTableSchema = z.strictObject({
  gbfs_url: z.url({ protocol: /^https?$/ }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  timezone: z.string().optional(),
  weather: z.enum(['open-meteo', 'none']).default('open-meteo'),
  allow_private_feeds: z.boolean().default(false),
})

/** bikeshare.toml: every key, its type and its default. The comments for people stand in bikeshare.toml itself. */
export const configSchema = z.strictObject({
  platform: z.enum(['local', 'aws']).default('local'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, such as ca-central-1')
    .default('ca-central-1'),
  city: citySchema.optional(),
  cw_custom_ns: z.string().min(1).max(255).default('Bikeshare/Model'),
  sm_endpoint: z.string().min(1).max(63).default('bikeshare-staging'),
  aws_profile: z.string().optional(),
  db: z.string().default('mlops_bikeshare'),
  workgroup: z.string().default('primary'),
  athena_output: z.string().optional(),
  view_station_info_latest: identifier().default('v_station_information'),
  view_predictions: identifier().default('v_predictions'),
  view_quality: identifier().default('v_quality'),
  data_dir: z.string().min(1).default('.bikeshare'),
  cities: z.record(citySchema, cityTableSchema).default({}),
  ingest: z
    .strictObject({
      timeout_seconds: z.number().positive().max(600).default(30),
      retries: z.int().min(0).max(10).default(3),
      max_megabytes: z.number().positive().max(1024).default(64),
    })
    .prefault({}),
  train: trainingParamsSchema.partial().prefault({}),
  serve: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(18_080),
      capture_percent: z.number().min(0).max(100).default(100),
      instance_type: z.string().default('ml.m5.large'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      memory: z
        .string()
        .regex(/^\d+(\.\d+)? ?(MB|GB)$/, 'a size such as 2GB')
        .default('2GB'),
      threads: z.int().min(1).max(256).default(2),
    })
    .prefault({}),
  retention: z
    .strictObject({
      raw_days: z.int().min(1).default(90),
      datacapture_days: z.int().min(1).default(30),
      ingest_errors_days: z.int().min(1).default(90),
      inference_days: z.int().min(1).default(400),
      monitoring_days: z.int().min(1).default(400),
      query_results_days: z.int().min(1).default(30),
      reports_days: z.int().min(1).default(400),
    })
    .prefault({}),
  run: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(18_095),
      retrain: z.enum(['weekly', 'never']).default('weekly'),
      retrain_weekday: z
        .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
        .default('monday'),
      retrain_hour: z.int().min(0).max(23).default(3),
    })
    .prefault({}),
  dashboard: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(18_081),
      public: z.boolean().default(false),
      require_token: z.boolean().optional(),
      allowed_hosts: z.array(z.string().min(1)).default([]),
      allowed_origins: z.array(z.url({ protocol: /^https?$/ })).default([]),
      trust_proxy: z.boolean().default(false),
      poll_seconds: z.number().min(0.1).max(300).default(5),
      requests_per_minute: z.int().min(10).default(3000),
      tile_url: z.url({ protocol: /^https?$/ }).optional(),
      tile_attribution: z.string().max(500).optional(),
      public_position_decimals: z.int().min(1).max(6).default(3),
      public_score_classes: z.int().min(2).max(10).default(4),
    })
    .prefault({}),
  rebalancing: z
    .strictObject({
      trucks: z.int().min(0).max(100).default(3),
      capacity: z.int().min(1).max(200).default(20),
      speed_kph: z.number().positive().max(150).default(18),
      detour: z.number().min(1).max(5).default(1.3),
      handling_minutes: z.number().min(0).max(60).default(0.75),
      stop_minutes: z.number().min(0).max(120).default(4),
      shift_minutes: z.int().min(1).max(1440).default(120),
      horizon_minutes: z.int().min(30).max(1440).default(240),
      time_limit_seconds: z.number().positive().max(600).default(7),
      depot_lat: z.number().min(-90).max(90).optional(),
      depot_lon: z.number().min(-180).max(180).optional(),
      closed_stations: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  aws: z
    .strictObject({
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket')
        .optional(),
      account_id: z
        .string()
        .regex(/^\d{12}$/, 'the twelve digits of an AWS account')
        .optional(),
      first_city: citySchema.optional(),
      endpoint_role_arn: arn('iam').optional(),
      training_role_arn: arn('iam').optional(),
      alarm_topic_arn: arn('sns').optional(),
      serving_image: z.string().min(1).optional(),
      training_image: z.string().min(1).optional(),
      training_instance_type: z.string().default('ml.m5.xlarge'),
    })
    .prefault({}),
  release: z
    .strictObject({
      stop_staging_after_hours: z.int().min(48).max(8760).optional(),
    })
    .prefault({}),
  alarms: z
    .strictObject({
      webhook_url: z.url({ protocol: /^https?$/ }).optional(),
      webhook_secret: z.string().min(1).optional(),
      smtp_url: z.url({ protocol: /^smtps?$/ }).optional(),
      mail_from: z.string().optional(),
      mail_to: z.array(z.string()).default([]),
      command: z.array(z.string().min(1)).optional(),
      timeout_seconds: z.number().positive().max(300).default(10),
      retries: z.int().min(0).max(10).default(4),
    })
    .prefault({}),
  mlflow: z.strictObject({ url: z.url(), experiment: z.string().default('bikeshare') }).optional(),
})

/** The settings in force, file, environment and flags together. */
export type Config = z.infer<typeof configSchema>

function arn(service: string) {
  return z
    .string()
    .regex(new RegExp(`^arn:[a-z-]+:${service}:`), `an ARN of ${service}: arn:aws:${service}:…`)
}

function identifier() {
  return z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a SQL identifier: letters, digits and underscores')
}
