import { ControlError } from '../../ports.ts'
import { arnOf, type ArnKind } from './arn.ts'

const KIND_WORDS: Record<ArnKind, string> = {
  model: 'model',
  'endpoint-config': 'endpoint configuration',
  endpoint: 'endpoint',
}

/** What SageMaker says of a thing that is not there. */
export function notFound(kind: ArnKind, name: string): ControlError {
  return new ControlError('ValidationException', `Could not find ${KIND_WORDS[kind]} "${arnOf(kind, name)}".`)
}

/** What SageMaker says of a name that is taken. */
export function taken(kind: ArnKind, name: string): ControlError {
  return new ControlError(
    'ValidationException',
    `Cannot create already existing ${KIND_WORDS[kind]} "${arnOf(kind, name)}".`,
  )
}

/** What SageMaker says of an endpoint on which something is under way. */
export function inProgress(name: string): ControlError {
  return new ControlError(
    'ValidationException',
    `Cannot update in-progress endpoint "${arnOf('endpoint', name)}".`,
  )
}
