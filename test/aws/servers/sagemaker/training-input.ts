import { z } from 'zod'

const channel = z.object({
  ChannelName: z.string(),
  ContentType: z.string(),
  DataSource: z.object({
    S3DataSource: z.object({ S3DataType: z.literal('S3Prefix'), S3Uri: z.string() }),
  }),
})
/** CreateTrainingJob, as far as the built-in algorithm goes. */
export const createTrainingJob = z.object({
  TrainingJobName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
  RoleArn: z.string(),
  AlgorithmSpecification: z.object({ TrainingImage: z.string(), TrainingInputMode: z.literal('File') }),
  HyperParameters: z.record(z.string(), z.string()),
  InputDataConfig: z.array(channel),
  OutputDataConfig: z.object({ S3OutputPath: z.string() }),
  ResourceConfig: z.object({
    InstanceType: z.string(),
    InstanceCount: z.number(),
    VolumeSizeInGB: z.number(),
  }),
  StoppingCondition: z.object({
    MaxRuntimeInSeconds: z.number(),
    MaxWaitTimeInSeconds: z.number().exactOptional(),
  }),
  EnableManagedSpotTraining: z.boolean().exactOptional(),
  CheckpointConfig: z.object({ S3Uri: z.string() }).exactOptional(),
  EnableNetworkIsolation: z.boolean().exactOptional(),
})
export type AskedTraining = z.infer<typeof createTrainingJob>
