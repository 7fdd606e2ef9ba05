import { configSchema } from '../../src/core/config/schema.ts'
import { LIFECYCLE } from '../../src/data/lake/lifecycle.ts'
import { alarmTableMarkdown } from '../../src/operations/alarms/alarm-words.ts'
import { hostingPrice, PRICES, type Price } from '../../src/operations/cost/prices.ts'
import { scaleLines, type ScaleInput } from '../../src/operations/cost/scale.ts'

/** A table that is made from the code: its name in the markers, the document below docs/ that holds it, and its text. */
export interface DocsTable {
  readonly file: string
  readonly name: string
  readonly text: string
}

/** Every such table. */
export function docsTables(): DocsTable[] {
  return [
    { file: 'ops_sla.md', name: 'alarms', text: alarmTableMarkdown().trim() },
    { file: 'cost.md', name: 'prices', text: priceTable() },
    { file: 'cost.md', name: 'lifecycle', text: lifecycleTable() },
    { file: 'scale.md', name: 'scale', text: scaleTable() },
  ]
}

/** The document with the table in its place. Throws when its markers are not there. */
export function placeTable(page: string, { file, name, text }: DocsTable): string {
  const begin = `<!-- ${name}: npx tsx scripts/docs-tables.ts -->`
  const end = `<!-- end of ${name} -->`
  const [before, after] = [page.indexOf(begin), page.indexOf(end)]
  if (before === -1 || after < before)
    throw new Error(`${file} has no place for ${name}, between ${begin} and ${end}`)
  return `${page.slice(0, before)}${begin}\n\n${text}\n\n${page.slice(after)}`
}

function priceTable(): string {
  const prices: [string, Price][] = [
    ...Object.entries(PRICES),
    ...['ml.m5.large', 'ml.m5.xlarge'].map((type): [string, Price] => [
      `hosting ${type}`,
      hostingPrice(type),
    ]),
  ]
  return table(
    ['price', 'USD', 'per', 'region', 'stated', 'source'],
    prices.map(([name, price]) => [
      name.replaceAll('_', ' '),
      price.usd === null ? 'unknown' : String(price.usd),
      price.free === undefined ? price.unit : `${price.unit}, the first ${price.free} free`,
      price.region ?? '–',
      price.date ?? '–',
      price.source,
    ]),
  )
}

function lifecycleTable(): string {
  const defaults = configSchema.parse({}).retention
  return table(
    ['what', 'prefix', 'setting', 'days', 'stays all the same'],
    LIFECYCLE.map(({ name, prefix, setting, keeps }) => [
      name,
      `\`${prefix}\``,
      `\`${setting}\``,
      String(defaults[setting]),
      keeps ?? '–',
    ]),
  )
}

/** All public systems, each as a city of its own is run; and with what is shared and left out when they are so many. */
const AS_ONE_CITY: ScaleInput = {
  systems: 1500,
  stations: 60,
  snapshot_seconds: 60,
  endpoints: 4,
  systems_an_instance: 1,
  captured: 1,
  metrics: 24,
  alarm_metrics: 16,
}
const TOGETHER: ScaleInput = {
  ...AS_ONE_CITY,
  snapshot_seconds: 300,
  endpoints: 2,
  systems_an_instance: 150,
  captured: 0.1,
  metrics: 3,
  alarm_metrics: 1,
}

function scaleTable(): string {
  const together = scaleLines(TOGETHER)
  const amount = (value: number): string =>
    value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)))
  const dollars = (usd: number | null): string => (usd === null ? '–' : Math.round(usd).toLocaleString('en'))
  const rows = scaleLines(AS_ONE_CITY).map((line, i) => {
    const other = together[i] ?? line
    return [
      line.item,
      line.unit,
      amount(line.a_month),
      dollars(line.usd),
      amount(other.a_month),
      dollars(other.usd),
      line.limit,
    ]
  })
  const total = (lines: readonly { usd: number | null }[]): string =>
    dollars(lines.reduce((sum, { usd }) => sum + (usd ?? 0), 0))
  return table(
    ['a month', 'unit', 'each as one city', 'USD', 'together', 'USD', 'where the limit lies'],
    [...rows, ['**known costs**', '', '', total(scaleLines(AS_ONE_CITY)), '', total(together), '']],
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
