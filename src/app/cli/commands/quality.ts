import { Option } from 'commander'
import type { QualityRow } from '../../../core/contracts/quality.ts'
import { OperatorError } from '../../../core/errors.ts'
import { batchFloor, BATCH_SECONDS, DAY_SECONDS, isoOf } from '../../../core/time.ts'
import {
  estimateReport,
  type EstimateReport,
} from '../../../operations/monitoring/estimate/estimate-report.ts'
import { endpointViews } from '../../../operations/monitoring/quality/endpoint-windows.ts'
import { type EndpointReport, qualityReport } from '../../../operations/monitoring/quality/quality-report.ts'
import { openQualityWindow } from '../../../operations/monitoring/quality/window.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'
import { figure, textTable } from '../table.ts'

interface Options {
  readonly endpoint?: string
  readonly at?: number
  readonly by?: 'variant' | 'version' | 'hour' | 'group'
}

/** `bikeshare quality`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .option('--endpoint <name>', 'only this endpoint')
      .addOption(timeOption('--at <time>', 'the 24 hours that end at this batch (default: the newest)'))
      .addOption(
        new Option('--by <what>', 'figures apart by').choices(['variant', 'version', 'hour', 'group']),
      )
    addExamples(command, [
      [
        'quality',
        'how the predictions of the last 24 hours turned out, beside "same as now" on the same rows',
      ],
      ['quality --endpoint bikeshare-prod --by hour', 'the same by the local hour they were made in'],
    ])
    command.action(
      act<Options>(async (context, options) => {
        const { platform, info, now } = await context.openLake()
        const at = batchFloor(options.at ?? now)
        if (at > now)
          throw new OperatorError('USAGE', `${isoOf(at)} is yet to come`, 'Give --at a time that has passed.')
        const { city, timezone } = info
        const { endpoint } = options
        const all = await endpointViews(platform, openQualityWindow(), { city, timezone, at })
        const views = all.filter((view) => endpoint === undefined || view.endpoint === endpoint)
        const endpoints = await qualityReport(platform, views, { city, at })
        if (endpoint !== undefined && endpoints.length === 0)
          throw new OperatorError(
            'NOT_FOUND',
            `${endpoint} predicted nothing in the 24 hours before ${isoOf(at)}`,
            'See `bikeshare endpoints list`, and `bikeshare status` for what is late.',
          )
        const estimates = await estimateReport(platform, views, { city, at })
        return {
          human: screen(at, endpoints, estimates, options.by),
          json: {
            city,
            at,
            from: at - DAY_SECONDS,
            endpoints: endpoints.map((report) => ({
              ...report,
              estimate: estimates.find((one) => one.endpoint === report.endpoint) ?? null,
            })),
          },
        }
      }),
    )
  },
}

function screen(
  at: number,
  endpoints: readonly EndpointReport[],
  estimates: readonly EstimateReport[],
  by: Options['by'],
): string {
  if (endpoints.length === 0)
    return `No endpoint predicted anything in the 24 hours before ${isoOf(at)}: \`bikeshare predict\` makes a batch.`
  const head = `Predictions whose outcome came in the 24 hours before ${isoOf(at)}. In brackets "same as now" on the same rows.`
  const sections = endpoints.map((report) => {
    const estimate = estimates.find(({ endpoint }) => endpoint === report.endpoint)
    return [
      report.endpoint,
      table(report.rows.filter(({ kind }) => kind === 'all' || kind === by)),
      ...notes(report),
      ...(estimate ? estimateLines(estimate) : []),
    ].join('\n')
  })
  return [head, ...sections].join('\n\n')
}

function table(rows: readonly QualityRow[]): string {
  const beside = (own: number | null, persistence: number | null): string =>
    `${figure(own)} (${figure(persistence)})`
  return textTable(
    ['', 'samples', 'batches', 'PR-AUC', 'F1', 'onset PR-AUC', 'onsets', 'Brier', 'calibration', 'hit rate'],
    rows.map((row) => [
      labelOf(row),
      row.samples,
      row.batches,
      beside(row.pr_auc, row.persistence_pr_auc),
      beside(row.f1, row.persistence_f1),
      beside(row.onset_pr_auc, row.persistence_onset_pr_auc),
      `${row.onset_positives} of ${row.onset_samples}`,
      figure(row.brier, 4),
      figure(row.calibration_error, 4),
      figure(row.hit_rate),
    ]),
  )
}

function labelOf({ kind, name, capacity_min, capacity_max }: QualityRow): string {
  if (kind === 'all') return 'all'
  if (kind === 'hour') return `${name}:00`
  if (kind !== 'group' || name === 'unknown') return kind === 'group' ? 'no capacity known' : name
  if (capacity_min === null) return `${name} (up to ${capacity_max} docks)`
  return capacity_max === null
    ? `${name} (from ${capacity_min} docks)`
    : `${name} (${capacity_min}–${capacity_max} docks)`
}

function notes({ rows, first, revision, missing }: EndpointReport): string[] {
  const all = rows.find(({ kind }) => kind === 'all')
  const lines = missing.map((line) => `  - ${line}`)
  if (revision === null) lines.push('  - not published: `bikeshare run` publishes every batch')
  else if (revision > 0 && first && all)
    lines.push(
      `  - revised ${revision} times for snapshots that came late: PR-AUC was ${figure(first.pr_auc)} of ${first.samples} samples`,
    )
  return lines
}

function estimateLines({ estimate, coverage, history_windows, reason }: EstimateReport): string[] {
  if (estimate === null) return [`  estimate: none, ${reason ?? 'nothing waits for its outcome'}`]
  const names = [
    ['PR-AUC', estimate.pr_auc, coverage.pr_auc],
    ['F1', estimate.f1, coverage.f1],
    ['Brier', estimate.brier, coverage.brier],
  ] as const
  const parts = names.map(([name, value, held]) => {
    const interval = value?.interval
      ? ` (90 %: ${figure(value.interval.low)} to ${figure(value.interval.high)}; held ${held.covered} of ${held.windows} times)`
      : ''
    return `${name} ${figure(value?.mean)}${interval}`
  })
  const minutes = (estimate.slots.length * BATCH_SECONDS) / 60
  const lines = [
    `  estimate, outcomes not known yet: ${parts.join(', ')}, of ${estimate.rows} predictions of the last ${minutes} min`,
  ]
  if (reason !== null) lines.push(`  no interval: ${reason} (${history_windows} so far)`)
  return lines
}
