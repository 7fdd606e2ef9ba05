import { snapshotPath } from '../../../src/core/contracts/api/snapshot-path.ts'

/** Where answers come from: a server's API, or the files of a static snapshot. */
export type Source = 'server' | 'snapshot'

export function dataSource(): Source {
  const meta = document.querySelector('meta[name="bikeshare-source"]')
  return meta?.getAttribute('content') === 'snapshot' ? 'snapshot' : 'server'
}

/** Parameters of a query; what is undefined or null is left out. */
export type Query = Readonly<Record<string, string | number | null | undefined>>

function given(query: Query): Record<string, string> {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/**
 * Address of an answer, relative to the page: `api/cities/sf/top?stage=prod`, or the file of a snapshot that holds it.
 *
 * @param path Below `/api`, each part encoded for an address.
 */
export function answerUrl(source: Source, path: string, query: Query): string {
  const parts = given(query)
  if (source === 'snapshot') {
    // A snapshot has the server's own number of days, and of stations.
    delete parts['days']
    delete parts['n']
    // The file's own name has percent signs in it.
    return `data/${snapshotPath(path, parts).split('/').map(encodeURIComponent).join('/')}`
  }
  const text = new URLSearchParams(parts).toString()
  return `api${path}${text === '' ? '' : `?${text}`}`
}
