import type { ApiError } from '../../api/client.ts'

export type ActionErrorKind = 'unauthorized' | 'forbidden' | 'conflict' | 'limited' | 'unreachable' | 'failed'

/** What an answer means to somebody who wanted to do something. */
export function actionErrorKind({ status }: ApiError): ActionErrorKind {
  switch (status) {
    case 0:
    case 502:
    case 503:
    case 504:
      return 'unreachable'
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 409:
    case 412:
    case 428:
      return 'conflict'
    case 429:
      return 'limited'
    default:
      return 'failed'
  }
}
