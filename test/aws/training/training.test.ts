import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { unpackModel } from '../../../src/core/model-archive.ts'
import { openScorer, type XgboostScorer } from '../../../src/platform/engines/xgboost/scorer.ts'
import {
  openSageMakerTrainer,
  type SageMakerTrainer,
  type SageMakerTrainerOptions,
} from '../../../src/platform/aws/sagemaker-trainer/sagemaker-trainer.ts'
import { xgboostImage } from '../../../src/platform/aws/sagemaker-trainer/xgboost-image.ts'
import type { RowBatch } from '../../../src/platform/engines/xgboost/capi.ts'
import { openS3Store } from '../../../src/platform/aws/s3-store/s3-store.ts'
import { openTrainer } from '../../../src/platform/local/in-process-trainer.ts'
import type { Column, RoundScore, TrainingJob } from '../../../src/platform/ports.ts'
import { smallParams, someNames, syntheticRows } from '../../support/boosted-model.ts'
import { openLocalPlatform, type LocalPlatform } from '../../support/local-platform.ts'
import { libraryPath } from '../../support/stump-model.ts'
import { motoUrl, newBucket } from '../environment/bucket.ts'
import { accessTo } from '../servers/access.ts'
import { checkByBotocore } from '../servers/botocore.ts'
import { denied, THROTTLED } from '../servers/faults.ts'
import { neededActions } from '../servers/recorded-actions.ts'
import { openRecorder, type RecordedCall } from '../servers/recorder.ts'
import {
  openTrainingSubject,
  TRAINING_ROLE,
  type TrainingSubject,
} from '../servers/sagemaker/training-subject.ts'

const COLUMNS = 6
const REGION = 'ca-central-1'
const recorder = openRecorder()
const served: RecordedCall[] = []

function columnsOf({ labels, features }: RowBatch): Column[] {
  const column = (c: number): Float32Array => labels.map((_, r) => features[r * COLUMNS + c] ?? Number.NaN)
  return [
    { name: 'y', type: 'FLOAT', values: labels },
    ...someNames(COLUMNS).map((name, c) => ({ name, type: 'FLOAT' as const, values: column(c) })),
  ]
}

describe('training on SageMaker', () => {
  let lake: LocalPlatform
  let subject: TrainingSubject
  let trainer: SageMakerTrainer
  let scorer: XgboostScorer
  const job: TrainingJob = {
    prefix: 'training/j/',
    trainKey: 'training/j/train.parquet',
    validationKey: 'training/j/validation.parquet',
    featureNames: someNames(COLUMNS),
    params: smallParams({ num_round: 40, nthread: 2 }),
  }
  const open = (more: Partial<SageMakerTrainerOptions> = {}): SageMakerTrainer =>
    openSageMakerTrainer({
      access: accessTo(subject.url, { maxAttempts: 3, onClient: recorder.onClient }),
      lake: subject.lake,
      store: lake.store,
      libraryPath,
      roleArn: TRAINING_ROLE,
      image: xgboostImage(REGION),
      pollMs: 20,
      ...more,
    })
  const created = () => subject.faults.calls('CreateTrainingJob')

  beforeEach(async () => {
    lake = await openLocalPlatform()
    await lake.warehouse.writeRows(job.trainKey, columnsOf(syntheticRows(1500, COLUMNS, 1)))
    await lake.warehouse.writeRows(job.validationKey, columnsOf(syntheticRows(500, COLUMNS, 2)))
    subject = await openTrainingSubject(lake.store)
    trainer = open()
    scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
  })
  afterEach(async () => {
    served.push(...subject.log.calls)
    trainer.close()
    await subject.close()
    await scorer.close()
    await lake.close()
  })

  const scoresOf = async (model: Uint8Array): Promise<Float32Array> => {
    const loaded = await scorer.load(model)
    return loaded.predict(syntheticRows(200, COLUMNS, 3).features, 200)
  }

  it('gives the model of a training here, with its features named', async () => {
    const rounds: RoundScore[] = []
    const trained = await trainer.fit(job, { onRound: (score) => rounds.push(score) })
    const { store, warehouse, root } = lake
    const here = await openTrainer({
      store,
      warehouse,
      root,
      libraryPath: libraryPath(),
      env: process.env,
    }).fit(job)
    expect(trained.rounds).toBe(here.rounds)
    expect(await scoresOf(trained.model)).toEqual(await scoresOf(here.model))
    const gain = await (await scorer.load(trained.model)).gain()
    expect(Object.keys(gain).every((name) => job.featureNames.includes(name))).toBe(true)
    expect(trained.libraryVersion).toBe('1.7.4')
    expect(rounds).toEqual([
      { round: trained.rounds - 1, train: expect.any(Number), validation: here.history.at(-1)?.validation },
    ])
    expect(trained.history).toEqual(rounds)
  })

  it('asks for the built-in image on the lake’s own files, and leaves the model in the old format', async () => {
    await trainer.fit(job)
    const [create] = subject.log.calls.filter(({ operation }) => operation === 'CreateTrainingJob')
    expect(create?.params).toMatchObject({
      AlgorithmSpecification: {
        TrainingImage: '341280168497.dkr.ecr.ca-central-1.amazonaws.com/sagemaker-xgboost:1.7-1',
      },
      HyperParameters: { num_round: '40', eval_metric: 'aucpr', tree_method: 'hist' },
      EnableManagedSpotTraining: false,
      EnableNetworkIsolation: true,
    })
    const keys: string[] = []
    for await (const { key } of lake.store.list('training/j/output/')) keys.push(key)
    const [key = ''] = keys
    const archive = await lake.store.get(key)
    const model = await unpackModel(archive?.body ?? new Uint8Array())
    expect(Buffer.from(model.subarray(0, 4)).toString()).toBe('binf')
  })

  it('finds its own job again, finished or not, and begins anew once the model is gone', async () => {
    const both = await Promise.all([trainer.fit(job), open().fit(job)])
    expect(both[0].model).toEqual(both[1].model)
    await trainer.fit(job)
    expect(created()).toBeLessThanOrEqual(2)
    const jobs = new Set(
      subject.log.calls
        .filter(({ operation }) => operation === 'CreateTrainingJob')
        .map(({ params }) => (params as { TrainingJobName: string }).TrainingJobName),
    )
    expect(jobs.size).toBe(1)
    for await (const { key } of lake.store.list('training/j/output/')) await lake.store.delete(key)
    const before = created()
    await trainer.fit(job)
    expect(created()).toBe(before + 1)
    await trainer.fit({ ...job, params: smallParams({ num_round: 5 }) })
    expect(created()).toBe(before + 2)
  })

  it('stops the job when it is aborted, and begins another afterwards', async () => {
    const long = { ...job, params: smallParams({ num_round: 5000, early_stopping_rounds: 5000 }) }
    for (const attempt of [1, 2]) {
      const stop = new AbortController()
      const outcome = trainer.fit(long, { signal: stop.signal }).catch((error: unknown) => error)
      while (subject.log.calls.filter(({ operation }) => operation === 'CreateTrainingJob').length < attempt)
        await new Promise((resolve) => setTimeout(resolve, 10))
      stop.abort()
      expect(await outcome).toMatchObject({ code: 'CANCELLED' })
      expect(subject.faults.calls('StopTrainingJob')).toBe(attempt)
    }
    const names = subject.log.calls
      .filter(({ operation }) => operation === 'CreateTrainingJob')
      .map(({ params }) => (params as { TrainingJobName: string }).TrainingJobName)
    expect(names).toEqual([expect.stringMatching(/-1$/), expect.stringMatching(/-2$/)])
    await expect(trainer.fit(job, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  it('says why a job failed, and what it may not do', async () => {
    const { features } = syntheticRows(500, COLUMNS, 2)
    await lake.warehouse.writeRows(
      job.validationKey,
      columnsOf({ features, labels: new Float32Array(500).fill(3) }),
    )
    await expect(trainer.fit(job)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/is Failed .*AlgorithmError: .*neither 0 nor 1/),
    })
    await expect(trainer.fit({ ...job, trainKey: 'training/none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const arn = 'arn:aws:sagemaker:ca-central-1:000000000000:training-job/x'
    subject.faults.next('CreateTrainingJob', denied('sagemaker:CreateTrainingJob', arn))
    await expect(trainer.fit(job)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('sagemaker:CreateTrainingJob on training job bikeshare-'),
    })
    subject.faults.next('CreateTrainingJob', { name: 'ResourceLimitExceeded', status: 400 })
    await expect(trainer.fit(job)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('quota'),
    })
    await expect(
      trainer.fit({ ...job, params: { ...job.params, max_dept: 3 } as typeof job.params }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('waits on when SageMaker throttles', async () => {
    subject.faults.next('CreateTrainingJob', THROTTLED, 2)
    subject.faults.next('DescribeTrainingJob', THROTTLED, 2)
    await trainer.fit({ ...job, params: smallParams({ num_round: 5 }) })
    expect(created()).toBe(3)
  })

  it('may run on instances that AWS takes back, from checkpoints of the job’s own', async () => {
    await open({ spot: true }).fit({ ...job, params: smallParams({ num_round: 5 }) })
    const [create] = subject.log.calls.filter(({ operation }) => operation === 'CreateTrainingJob')
    expect(create?.params).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 21_600, MaxWaitTimeInSeconds: 43_200 },
      CheckpointConfig: {
        S3Uri: expect.stringMatching(/^s3:\/\/bikeshare-lake\/training\/j\/checkpoints\/bikeshare-/),
      },
    })
  })

  it('needs the actions that a role must be granted', () => {
    const actions = neededActions(recorder.calls).map(({ action }) => action)
    expect([...new Set(actions)].sort()).toEqual([
      'iam:PassRole',
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:StopTrainingJob',
    ])
  })

  it.skipIf(inject('awsPython') === undefined)('asks and answers what botocore’s model has', async () => {
    const python = inject('awsPython') ?? ''
    expect((await checkByBotocore(python, recorder.calls)).deviations).toEqual([])
    const answered = await checkByBotocore(python, served)
    expect(answered.deviations).toEqual([])
    expect(answered.operations).toEqual([
      'sagemaker.CreateTrainingJob',
      'sagemaker.DescribeTrainingJob',
      'sagemaker.StopTrainingJob',
    ])
  })
})

describe.skipIf(inject('moto') === undefined)('training on a lake in S3', () => {
  it('reads the data and leaves the model below the lake’s prefix', async () => {
    const bucket = await newBucket()
    const access = accessTo(motoUrl())
    const whole = openS3Store({ ...access, bucket })
    const lake = openS3Store({ ...access, bucket, prefix: 'nyc/' })
    const files = await openLocalPlatform()
    const subject = await openTrainingSubject(whole, bucket)
    const trainer = openSageMakerTrainer({
      access: accessTo(subject.url),
      lake: { bucket, prefix: 'nyc/' },
      store: lake,
      libraryPath,
      roleArn: TRAINING_ROLE,
      image: xgboostImage(REGION),
      pollMs: 20,
    })
    for (const [i, name] of ['train', 'validation'].entries()) {
      await files.warehouse.writeRows(`${name}.parquet`, columnsOf(syntheticRows(800, COLUMNS, i + 1)))
      const file = await files.store.get(`${name}.parquet`)
      await lake.put(`t/${name}.parquet`, file?.body ?? '')
    }
    const trained = await trainer.fit({
      prefix: 't/',
      trainKey: 't/train.parquet',
      validationKey: 't/validation.parquet',
      featureNames: someNames(COLUMNS),
      params: smallParams({ num_round: 5 }),
    })
    expect(trained.rounds).toBeGreaterThan(0)
    const keys: string[] = []
    for await (const { key } of whole.list('nyc/t/output/')) keys.push(key)
    expect(keys).toEqual([expect.stringMatching(/^nyc\/t\/output\/bikeshare-.*\/output\/model\.tar\.gz$/)])
    trainer.close()
    await subject.close()
    await files.close()
    whole.close()
    lake.close()
  })
})

describe('the built-in image', () => {
  it('has an address in every region of the table, and says so where there is none', () => {
    expect(xgboostImage('us-east-1')).toBe(
      '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    )
    expect(xgboostImage('cn-north-1')).toContain('.amazonaws.com.cn/')
    expect(() => xgboostImage('xx-nowhere-1')).toThrow(expect.objectContaining({ code: 'CONFIG' }))
  })
})
