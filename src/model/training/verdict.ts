import type { Evaluation } from '../../core/contracts/manifest.ts'
import { figureText } from '../evaluation/report/text.ts'

/** A model whose training score is this much above validation has learnt its rows by heart. */
export const MAX_OVERFIT = 0.1

/** Why a model must not be registered, with the figures; empty when it may. */
export function refusalsOf(train: Evaluation, validation: Evaluation): string[] {
  const refusals: string[] = []
  if (train.pr_auc === null || validation.pr_auc === null)
    refusals.push('training or validation has one class only')
  else if (train.pr_auc - validation.pr_auc >= MAX_OVERFIT)
    refusals.push(
      `PR-AUC is ${figureText(train.pr_auc)} on training and ${figureText(validation.pr_auc)} on validation rows, ${MAX_OVERFIT} or more apart`,
    )
  const [model, persistence] = [validation.onset_pr_auc, validation.persistence_onset_pr_auc]
  if (model === null || persistence === null)
    refusals.push(
      `none of the ${validation.onset_rows} onset rows of validation ran short, so that nothing shows the model to be better than persistence`,
    )
  else if (model <= persistence)
    refusals.push(
      `onset PR-AUC is ${figureText(model, 4)} on validation, not above persistence’s ${figureText(persistence, 4)}`,
    )
  return refusals
}
