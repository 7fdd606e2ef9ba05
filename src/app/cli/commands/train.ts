import type { Target } from '../../../core/contracts/features.ts'
import type { Evaluation } from '../../../core/contracts/manifest.ts'
import { logToMlflow } from '../../../model/registry/mlflow.ts'
import { trainModel } from '../../../model/training/train.ts'
import { mirrorPackages } from '../../../operations/release/mirror-packages.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, intOption, numberOption, targetOption, targetsOf, timeOption } from '../options.ts'
import { figure, textTable } from '../table.ts'

interface Options {
  readonly target: Target | 'both'
  readonly from?: number
  readonly until?: number
  readonly testFrom?: number
  readonly testUntil?: number
  readonly rounds?: number
  readonly eta?: number
  readonly maxDepth?: number
  readonly seed?: number
}

/** `bikeshare train`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(targetOption())
      .addOption(timeOption('--from <time>', 'first slot to learn from (default: the first there is)'))
      .addOption(timeOption('--until <time>', 'train and validate on slots before this (default: now)'))
      .addOption(
        timeOption('--test-from <time>', 'judge as well on the slots from here on, never seen in training'),
      )
      .addOption(timeOption('--test-until <time>', 'end of the test slots (default: the last there is)'))
      .addOption(intOption('--rounds <n>', 'boosting rounds at most (num_round)', 1, 10_000))
      .addOption(numberOption('--eta <x>', 'learning rate', 0.0001, 1))
      .addOption(intOption('--max-depth <n>', 'depth of a tree', 1, 16))
      .addOption(intOption('--seed <n>', 'seed', 0, 2 ** 31 - 1))
    addExamples(command, [
      ['train', 'both targets, on all the features there are'],
      ['train --target docks --until 2023-05-06', 'one target, on the days before that one'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now } = await context.openLake()
        const params = {
          ...context.config.train,
          ...(options.rounds === undefined ? {} : { num_round: options.rounds }),
          ...(options.eta === undefined ? {} : { eta: options.eta }),
          ...(options.maxDepth === undefined ? {} : { max_depth: options.maxDepth }),
          ...(options.seed === undefined ? {} : { seed: options.seed }),
        }
        const trained = []
        for (const target of targetsOf(options.target)) {
          const { manifest, created } = await trainModel(platform, {
            city: info.city,
            target,
            until: options.until ?? now,
            ...(options.from === undefined ? {} : { from: options.from }),
            ...(options.testFrom === undefined ? {} : { testFrom: options.testFrom }),
            ...(options.testUntil === undefined ? {} : { testUntil: options.testUntil }),
            params,
            now,
            report: context.report,
            signal: context.signal,
          })
          trained.push({ target, created, manifest })
          await mirrorPackages(platform, [manifest], context.report)
          if (context.config.mlflow) {
            const { url, experiment } = context.config.mlflow
            await logToMlflow(platform.store, manifest.group, manifest.version, {
              url,
              experiment,
              report: context.report,
            })
          }
        }
        const rows = trained.flatMap(({ target, manifest }) =>
          (['train', 'validation', 'test'] as const).flatMap((split) => {
            const metrics = manifest.metrics[split]
            return metrics ? [[target, split, ...figures(metrics)]] : []
          }),
        )
        const head = [
          'target',
          'split',
          'rows',
          'PR-AUC',
          'persistence',
          'onset PR-AUC',
          'persistence',
          'Brier',
          'F1',
        ]
        const versions = trained.map(
          ({ manifest, created }) =>
            `${created ? 'Registered' : 'Already registered:'} ${manifest.group} ${manifest.version}, threshold ${manifest.threshold}`,
        )
        return { human: `${textTable(head, rows)}\n${versions.join('\n')}`, json: { trained } }
      }),
    )
  },
}

function figures(metrics: Evaluation): (string | number)[] {
  return [
    metrics.rows,
    figure(metrics.pr_auc),
    figure(metrics.persistence_pr_auc),
    figure(metrics.onset_pr_auc),
    figure(metrics.persistence_onset_pr_auc),
    figure(metrics.brier, 4),
    figure(metrics.f1),
  ]
}
