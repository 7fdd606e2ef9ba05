import { isoOf } from '../../../core/time.ts'
import { sloReport, type EndpointSlo, type SloReport } from '../../../operations/slo/slo-report.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { figure, spanText, textTable } from '../table.ts'

/** Burns that a person is shown; --json has them all. */
const SHOWN_BURNS = 5

interface Options {
  readonly month?: string
}

/** `bikeshare slo`. */
export const command: CommandModule = {
  build(command, act) {
    command.option('--month <month>', 'calendar month in UTC, such as 2026-11 (default: this one)')
    addExamples(command, [
      ['slo', 'how much of the error budget this month has left'],
      ['slo --month 2026-11 --json', 'another month, for a program'],
    ])
    command.action(
      act<Options>(async (context, { month }) => {
        const { platform, info, now } = await context.openLake()
        const report = await sloReport(platform, {
          city: info.city,
          now,
          namespace: context.config.cw_custom_ns,
          ...(month !== undefined && { month }),
        })
        return { human: screen(report), json: report }
      }),
    )
  },
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(3)} %`)
const minutes = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} min`)
const metText = (met: boolean | null): string => (met === null ? '–' : met ? 'met' : 'MISSED')

function screen(report: SloReport): string {
  const { endpoints, freshness } = report
  const parts = [`${report.city}, ${report.month} (UTC), as of ${isoOf(report.now)}`]
  if (endpoints.length === 0) parts.push('No prod endpoint serves this city.')
  else
    parts.push(
      textTable(
        ['endpoint', 'availability', 'of', '', 'budget', 'spent', 'left', 'burn 6 h', 'burn 3 d'],
        endpoints.map(({ endpoint, availability: a }) => [
          endpoint,
          percent(a.availability),
          percent(a.objective),
          metText(a.met),
          minutes(a.budget_minutes),
          minutes(a.spent_minutes),
          minutes(a.left_minutes),
          ...a.burn_rates.map(({ rate, burning }) => `${figure(rate, 1)}${burning ? ' !' : ''}`),
        ]),
      ),
      textTable(
        ['endpoint', 'objective', 'latest', 'bound', 'good batches', 'of', ''],
        endpoints.flatMap(({ endpoint, quality }) =>
          quality.map((q) => [
            endpoint,
            q.name,
            figure(q.latest),
            figure(q.bound),
            q.good_share === null ? null : `${percent(q.good_share)} of ${q.batches}`,
            percent(q.objective),
            metText(q.met),
          ]),
        ),
      ),
    )
  parts.push(
    `Freshness: ${percent(freshness.share)} of ${freshness.snapshots} snapshots within 3 min (objective ${percent(freshness.objective)}) ${metText(freshness.met)}`,
  )
  const words = endpoints.flatMap(inWords)
  return [...parts, ...(words.length > 0 ? [words.map((line) => `  - ${line}`).join('\n')] : [])].join('\n\n')
}

function inWords({ endpoint, note, from, availability, slow_burns }: EndpointSlo): string[] {
  const lines: string[] = []
  if (note !== null) lines.push(`${endpoint}: ${note}${from === null ? '' : `, ${isoOf(from)}`}`)
  if (availability.burning_now)
    lines.push(`${endpoint}: fast burn, bad for 15 min or more and still bad. Page, and roll back.`)
  for (const { from: began, until, reasons } of availability.fast_burns.slice(-SHOWN_BURNS))
    lines.push(`${endpoint}: bad from ${isoOf(began)} to ${isoOf(until)} (${reasons.join(', ')})`)
  for (const { alarm, seconds } of slow_burns)
    lines.push(`${endpoint}: slow burn, ${alarm} for ${spanText(seconds)}. Open an incident.`)
  return lines
}
