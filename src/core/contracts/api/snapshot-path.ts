/** What is not said twice in a snapshot: a query with these values has the name of one without them. */
const USUAL: Readonly<Record<string, string>> = { stage: 'staging', target: 'bikes' }
/** A snapshot has one answer whatever these are. */
const ANY = new Set(['n', 'days', 'format'])

/**
 * The file of a static snapshot that holds the answer of a GET route: the path below `/api`, its parts encoded, and its
 * query, sorted, in the name. `/cities/sf/top?target=bikes&stage=prod&n=20` is `cities/sf/top--stage=prod.json`.
 */
export function snapshotPath(path: string, query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query)
    .filter(([name, value]) => !ANY.has(name) && USUAL[name] !== value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `--${name}=${encodeURIComponent(value)}`)
  return `${path.replace(/^\//, '')}${parts.join('')}.json`
}
