import { InvalidArgumentError } from 'commander'
import { OperatorError } from '../../../core/errors.ts'
import { isoOf, type EpochSeconds } from '../../../core/time.ts'
import { buildFeatures } from '../../../data/features/build.ts'
import { backfillPredictions } from '../../../operations/backfill/backfill-predictions.ts'
import { backfillDrift } from '../../../operations/monitoring/drift/backfill-drift.ts'
import { backfillQuality } from '../../../operations/monitoring/quality/backfill-quality.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, timeOption } from '../options.ts'

/** In the order in which they build on each other. */
const WHAT = ['features', 'predictions', 'quality', 'drift'] as const
type What = (typeof WHAT)[number]

interface Options {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  readonly what: readonly What[]
}

/** `bikeshare backfill`. */
export const command: CommandModule = {
  build(command, act) {
    command
      .addOption(timeOption('--from <time>', 'first moment').makeOptionMandatory())
      .addOption(timeOption('--to <time>', 'last moment').makeOptionMandatory())
      .option('--what <list>', `of ${WHAT.join(', ')}, with commas`, parseWhat, [
        'features',
        'quality',
        'drift',
      ])
    addExamples(command, [
      [
        'backfill --from 2023-05-01 --to 2023-05-14',
        'features, quality and drift of two weeks; run again it goes on',
      ],
      [
        'backfill --from 2023-05-01 --to 2023-05-02 --what predictions,quality',
        'predictions made after the fact say so, and count in no live metric',
      ],
    ])
    command.action(
      act<Options>(async (context, { from, to, what }) => {
        if (to < from)
          throw new OperatorError('USAGE', `--to ${isoOf(to)} is before --from ${isoOf(from)}`, 'Swap them.')
        const { platform, info, now } = await context.openLake()
        const { report, signal } = context
        const until = Math.min(to, now)
        const { city, timezone, country } = info
        const span = { city, from, to: until, report, signal }
        const zone = { timezone, country }
        const done: Partial<Record<What, unknown>> = {}
        if (what.includes('features')) {
          const { days } = await buildFeatures(platform, { ...span, ...zone })
          done.features = { days: days.length, built: days.filter(({ built }) => built).length }
        }
        if (what.includes('predictions')) {
          const namespace = context.config.cw_custom_ns
          done.predictions = await backfillPredictions(platform, { ...span, ...zone, now, namespace })
        }
        // Neither reads what the other writes.
        await Promise.all([
          what.includes('quality') && backfillQuality(platform, span).then((made) => (done.quality = made)),
          what.includes('drift') && backfillDrift(platform, span).then((made) => (done.drift = made)),
        ])
        const lines = Object.entries(done).map(
          ([name, figures]) => `${name.padEnd(12)} ${figuresText(figures)}`,
        )
        return { human: lines.join('\n'), json: { from, to: until, ...done } }
      }),
    )
  },
}

function figuresText(figures: unknown): string {
  return Object.entries((figures ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${String(value)} ${name.replaceAll('_', ' ')}`)
    .join(', ')
}

function parseWhat(text: string): readonly What[] {
  return text.split(',').map((word) => {
    const known = WHAT.find((name) => name === word.trim())
    if (!known) throw new InvalidArgumentError(`"${word}" is none of ${WHAT.join(', ')}`)
    return known
  })
}
