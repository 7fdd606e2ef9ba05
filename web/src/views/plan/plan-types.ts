import type { AnswerOf, BodyOf } from '../../../../src/core/contracts/api/routes.ts'

/** A plan with its score. */
export type PlanAnswer = AnswerOf<'plan'>
/** What an operator set, with the tag that it is set over by. */
export type ConstraintsAnswer = AnswerOf<'constraints'>
/** A plan as it is listed. */
export type PlanListed = AnswerOf<'plans'>['plans'][number]
/** What a plan is asked for with. */
export type PlanRequest = BodyOf<'makePlan'>
