import type { Problem } from '../../../src/core/contracts/api/common.ts'
import { answerUrl, dataSource, type Query } from './source.ts'

/** An answer that is none: what the server said of it, or that there was no server. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | null,
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** Nobody answered: the network or the server is away. */
  get offline(): boolean {
    return this.status === 0
  }
}

/** Asks for a JSON answer; rejects with an ApiError. */
export async function getJson(path: string, query: Query, signal?: AbortSignal): Promise<unknown> {
  return request(answerUrl(dataSource(), path, query), signal === undefined ? {} : { signal })
}

/** Sends something to a server; rejects with an ApiError, or with an AbortError when `signal` says so. `body` undefined sends none. */
export async function sendJson(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
  signal?: AbortSignal,
): Promise<unknown> {
  return request(answerUrl('server', path, {}), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
}

async function request(url: string, init: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'OFFLINE', 'The server does not answer.', null)
  }
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined
  try {
    return await response.json()
  } catch {
    throw new ApiError(response.status, 'BAD_ANSWER', 'The server answered something that is not JSON.', null)
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const missing = new ApiError(
    response.status,
    response.status === 404 ? 'NOT_FOUND' : `HTTP_${response.status}`,
    `${response.status} ${response.statusText}`.trim(),
    null,
  )
  try {
    const { error } = (await response.json()) as Problem
    return typeof error.code === 'string' && typeof error.message === 'string'
      ? new ApiError(response.status, error.code, error.message, error.hint)
      : missing
  } catch {
    return missing
  }
}
