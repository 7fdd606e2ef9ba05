import { homedir } from 'node:os'
import { findXgboostLibrary } from '../../src/platform/engines/xgboost/library.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { openTrainer } from '../../src/platform/local/in-process-trainer.ts'
import type { Scorer, Trainer } from '../../src/platform/ports.ts'
import { openLocalPlatform, type LocalPlatform } from './local-platform.ts'

/** A local platform that trains and scores with the real library. */
export interface TrainingPlatform extends LocalPlatform {
  readonly trainer: Trainer
  readonly scorer: Scorer
}

/** Opens a local platform with trainer and scorer, over a new folder that goes when it is closed. */
export async function openTrainingPlatform(): Promise<TrainingPlatform> {
  const platform = await openLocalPlatform()
  const { path } = findXgboostLibrary({ env: process.env, home: homedir() })
  const { store, warehouse, root } = platform
  const scorer = openScorer({ libraryPath: path, threads: 2 })
  return {
    ...platform,
    scorer,
    trainer: openTrainer({ store, warehouse, root, libraryPath: path, env: process.env }),
    async close() {
      await scorer.close()
      await platform.close()
    },
  }
}
