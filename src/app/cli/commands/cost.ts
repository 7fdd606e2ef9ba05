import type { Config } from '../../../core/config/schema.ts'
import { costOf, type Cost } from '../../../operations/cost/cost-of.ts'
import type { CostLine } from '../../../operations/cost/lines.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { bytesText, textTable } from '../table.ts'

/** `bikeshare cost`. */
export const command: CommandModule = {
  build(command, act) {
    addExamples(command, [
      ['cost', 'what the lake takes here, and what the same would cost on AWS'],
      ['cost --platform aws', 'what the lake in S3, its endpoints and its alarms come to at list prices'],
      ['cost --json', 'every line with its price, region, source and date'],
    ])
    command.action(
      act(async (context) => {
        const { platform, info, now } = await context.openLake()
        const { cw_custom_ns, region, retention, run } = context.config
        const cost = await costOf(platform, {
          city: info.city,
          now,
          namespace: cw_custom_ns,
          region,
          retention,
          retrain: run.retrain,
        })
        return { human: screen(cost, context.config.platform), json: cost }
      }),
    )
  },
}

const dollars = (usd: number | null): string | null => (usd === null ? null : usd.toFixed(2))

function screen({ here, aws, hints }: Cost, platform: Config['platform']): string {
  const onAws = platform === 'aws'
  const size = (bytes: number | null): string | null => (bytes === null ? null : bytesText(bytes))
  const datasets = textTable(
    ['dataset', 'rows', 'files', 'size', 'a day', 'kept', 'comes to'],
    here.datasets.map((d) => [
      d.dataset,
      d.rows,
      d.files,
      bytesText(d.bytes),
      size(d.bytes_per_day === null ? null : Math.round(d.bytes_per_day)),
      d.kept_days === null ? 'for good' : `${d.kept_days} days`,
      size(d.bytes_at_rest === null ? null : Math.round(d.bytes_at_rest)),
    ]),
  )
  const lines = textTable(
    ['service', 'item', 'quantity', 'unit', 'USD a month', 'price'],
    aws.lines.map((line) => [
      line.service,
      line.item,
      line.quantity === null ? null : quantityText(line.quantity),
      line.price.unit,
      dollars(line.usd),
      priceText(line, aws.region),
    ]),
  )
  const saving = hints.map(
    ({ what, saves_usd, done }) =>
      `  - ${what}${saves_usd === null ? '' : ` ${done ? 'Saves' : 'Would save'} ${saves_usd.toFixed(2)} USD a month.`}${done ? ' (done)' : ''}`,
  )
  return [
    `${onAws ? 'The lake in S3' : 'Here'}: ${bytesText(here.bytes)} in ${here.files} files, ${bytesText(Math.round(here.bytes_per_day))} more a day before retention.`,
    datasets,
    `${onAws ? 'What of it was measured' : 'The same on AWS'} (${aws.region}), a month of 730 hours, public list prices of ${aws.prices_as_of} or before:`,
    lines,
    `${aws.known_usd.toFixed(2)} USD a month at least${onAws ? '' : ', which running it here saves'}; ${aws.unknown.length} lines are not known.`,
    `What keeps it down:\n${saving.join('\n')}`,
  ].join('\n\n')
}

function quantityText(quantity: number): string {
  return quantity === 0 ? '0' : quantity >= 100 ? quantity.toFixed(0) : quantity.toPrecision(3)
}

function priceText({ price, quantity }: CostLine, region: string): string {
  if (price.usd === null) return 'price unknown'
  const where = price.region === region ? '' : ` (${price.region})`
  return `${price.usd}${where}${quantity === null ? ', quantity unknown' : ''}`
}
