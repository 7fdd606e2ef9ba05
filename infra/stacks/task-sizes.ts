/** What a part of the jobs runs on: Fargate's units of CPU (1024 is one), and mebibytes. */
export interface TaskSize {
  readonly cpu: number
  readonly memoryMiB: number
}

/** By part. Figures from one city of 2,200 stations, with half as much again. */
export const TASK_SIZES: Readonly<Record<string, TaskSize>> = {
  ingest: { cpu: 256, memoryMiB: 1024 },
  batch: { cpu: 1024, memoryMiB: 4096 },
  release: { cpu: 512, memoryMiB: 2048 },
  daily: { cpu: 2048, memoryMiB: 8192 },
  retrain: { cpu: 1024, memoryMiB: 4096 },
  dashboard: { cpu: 512, memoryMiB: 2048 },
}
