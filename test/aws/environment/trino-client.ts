import { CATALOG } from './trino.ts'

/** A column of a result, by Trino's names of types. */
export interface TrinoColumn {
  readonly name: string
  readonly type: string
}

/** A failure by Trino's name of it, such as TABLE_NOT_FOUND. */
export class TrinoError extends Error {
  readonly errorName: string

  constructor(errorName: string, message: string) {
    super(message)
    this.errorName = errorName
  }
}

/** What a query came to. */
export interface TrinoResult {
  readonly columns: readonly TrinoColumn[]
  readonly rows: readonly (readonly unknown[])[]
  /** Bytes read from files. */
  readonly bytesRead: number
}

interface Page {
  readonly id: string
  readonly nextUri?: string
  readonly columns?: readonly TrinoColumn[]
  readonly data?: readonly (readonly unknown[])[]
  readonly error?: { readonly errorName: string; readonly message: string }
  readonly stats: { readonly physicalInputBytes?: number; readonly processedBytes?: number }
}

/** Runs one statement to its end, or until `signal`, which cancels it in Trino. */
export async function runTrino(
  url: string,
  sql: string,
  options: { readonly schema?: string; readonly signal?: AbortSignal } = {},
): Promise<TrinoResult> {
  const headers = {
    'X-Trino-User': 'test',
    'X-Trino-Catalog': CATALOG,
    'X-Trino-Schema': options.schema ?? 'default',
    'X-Trino-Time-Zone': 'UTC',
    'Accept-Encoding': 'identity',
  }
  let page = (await (
    await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers })
  ).json()) as Page
  let columns: readonly TrinoColumn[] = []
  const rows: (readonly unknown[])[] = []
  for (;;) {
    if (page.error) throw new TrinoError(page.error.errorName, page.error.message)
    columns = page.columns ?? columns
    for (const row of page.data ?? []) rows.push(row)
    if (page.nextUri === undefined) break
    if (options.signal?.aborted) {
      await fetch(page.nextUri, { method: 'DELETE', headers })
      throw new TrinoError('USER_CANCELED', 'Query was canceled')
    }
    page = (await (await fetch(page.nextUri, { headers })).json()) as Page
  }
  return { columns, rows, bytesRead: page.stats.physicalInputBytes ?? 0 }
}
