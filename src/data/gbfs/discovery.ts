import { badFeed, type Fields, isFields, listNames, parseObject, versionOf } from './document.ts'
import { parseFeedUrl } from './feed-url.ts'
import { cleanText } from './text.ts'

const FEED_NAMES = ['station_status', 'station_information', 'system_information'] as const

/** A feed that the system reads. */
export type FeedName = (typeof FEED_NAMES)[number]

/** Where a system's feeds are, as its discovery document (gbfs.json) says. URLs are absolute, http or https. */
export interface Discovery {
  readonly version: string
  readonly feeds: Readonly<Partial<Record<FeedName, string>>>
}

/**
 * A discovery document of GBFS 1.x, 2.x (`data.LANGUAGE.feeds`: English if it is there, else the language listed first) or
 * 3.x (`data.feeds`). Feeds may live on any host, and relative URLs are taken from `url`. Of a name listed twice the first
 * counts. Throws BAD_INPUT for anything else, with a word on what the URL seems to be, and when no station_status is listed.
 */
export function parseDiscovery(body: Uint8Array, url: string): Discovery {
  const root = parseObject(body, url)
  const listed = feedsOf(root['data'])
  if (listed === undefined) throw badFeed(url, whatItIs(root), GIVE_DISCOVERY)
  const feeds: Partial<Record<FeedName, string>> = {}
  const seen = new Set<string>()
  for (const feed of listed.slice(0, 1000)) {
    if (!isFields(feed) || typeof feed['name'] !== 'string') continue
    seen.add(cleanText(feed['name'], 40))
    const name = FEED_NAMES.find((known) => known === feed['name'])
    if (name === undefined || feeds[name] !== undefined || typeof feed['url'] !== 'string') continue
    feeds[name] = parseFeedUrl(feed['url'].trim(), url).href
  }
  if (feeds.station_status === undefined) {
    const others = [...seen].slice(0, 12).join(', ') || 'nothing'
    throw badFeed(
      url,
      `a discovery document without station_status (it lists ${others})`,
      'A system without stations cannot be predicted; look for the discovery document of one that has them.',
    )
  }
  return { version: versionOf(root), feeds }
}

const GIVE_DISCOVERY =
  'Give the address of the discovery document, which is mostly called gbfs.json and stands beside the feeds.'

/** The list of feeds, whatever the version. */
function feedsOf(data: unknown): readonly unknown[] | undefined {
  if (!isFields(data)) return undefined
  if (Array.isArray(data['feeds'])) return data['feeds']
  const languages = Object.entries(data).filter(
    ([, value]) => isFields(value) && Array.isArray(value['feeds']),
  )
  const chosen = languages.find(([language]) => /^en(?:[-_]|$)/i.test(language)) ?? languages[0]
  const feeds = chosen === undefined ? undefined : (chosen[1] as Fields)['feeds']
  return Array.isArray(feeds) ? feeds : undefined
}

function whatItIs(root: Fields): string {
  const data = root['data']
  if (!isFields(data)) return `no GBFS discovery document (it has ${listNames(root)})`
  if (Array.isArray(data['versions']))
    return 'a list of GBFS versions (gbfs_versions) and no discovery document'
  if (Array.isArray(data['stations'])) {
    const first: unknown = data['stations'].find(isFields)
    const name = isFields(first) && Object.hasOwn(first, 'lat') ? 'station_information' : 'station_status'
    return `a ${name} feed and no discovery document`
  }
  if (Object.hasOwn(data, 'system_id')) return 'a system_information feed and no discovery document'
  return `no GBFS discovery document (its data has ${listNames(data)})`
}
