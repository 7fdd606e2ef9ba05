import { BATCH_SECONDS, HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import { countText } from '../../model/evaluation/report/text.ts'
import { barFigure, lineFigure, type Figure } from './charts.ts'
import type { DayReport, EndpointDay } from './day-report.ts'
import { onGrid } from './day-series.ts'
import { wallTime } from './local-day.ts'

const HALF_HOUR = 1800

/** Bikes that moved, and stations that were short. */
export function cityFigures({ day, happened }: DayReport): Figure[] {
  const at = wallTime(day.timezone)
  const window = `${day.ds}, ${day.timezone}`
  const { moves, slots } = happened
  const snapshots = moves.reduce((sum, move) => sum + move.snapshots, 0)
  const moved = (of: 'taken' | 'returned'): readonly (number | null)[] =>
    onGrid(
      day,
      HALF_HOUR,
      moves.map((move) => ({ t: move.half_hour, v: move[of] })),
    ).values
  const short = (of: 'no_bikes' | 'no_docks'): readonly (number | null)[] =>
    onGrid(
      day,
      BATCH_SECONDS,
      slots.map((slot) => ({ t: slot.slot, v: slot[of] })),
    ).values
  const stations = slots.reduce((most, slot) => Math.max(most, slot.stations), 0)
  return [
    barFigure({
      id: 'moves',
      title: 'Bikes taken and returned',
      caption: `By half hours of ${window}: changes of the stations' counts over ${countText(snapshots)} snapshots. A bike that came and another that left between two snapshots are not seen, and what a truck moved is.`,
      labels: onGrid(day, HALF_HOUR, []).times.map(at),
      unit: 'bikes in 30 min',
      series: [
        { name: 'Taken', colour: 'model', values: moved('taken') },
        { name: 'Returned', colour: 'persistence', values: moved('returned') },
      ],
    }),
    lineFigure({
      id: 'short',
      title: 'Stations with two or fewer',
      caption: `By ten minutes of ${window}: stations in use, at most ${countText(stations)}, at ${countText(slots.length)} moments with a snapshot.`,
      labels: onGrid(day, BATCH_SECONDS, []).times.map(at),
      unit: 'stations',
      series: [
        { name: 'No bikes', colour: 'model', values: short('no_bikes') },
        { name: 'No docks', colour: 'persistence', values: short('no_docks'), dashed: true },
      ],
    }),
  ]
}

/** Warnings by the hour, live quality beside persistence, and drift of one endpoint. */
export function endpointFigures({ day }: DayReport, endpoint: EndpointDay): Figure[] {
  const at = wallTime(day.timezone)
  const { warnings, series } = endpoint
  const { target, episodes, evaluation } = warnings
  const window = `${day.ds}, ${day.timezone}`
  const hours = onGrid(day, HOUR_SECONDS, []).times
  const count = (kind: (typeof episodes)[number]['kind']): number[] =>
    hours.map(
      (hour) =>
        episodes.filter(
          (episode) => episode.kind === kind && inHour(episode.short_at ?? episode.first + HALF_HOUR, hour),
        ).length,
    )
  const batches = onGrid(day, BATCH_SECONDS, [])
  const samples = series.samples.at(-1)?.v
  return [
    barFigure({
      id: `warnings-${target}`,
      title: 'Stations that ran short, and warnings',
      caption: `By hours of ${window}: ${countText(episodes.length)} cases among ${countText(evaluation.onset_rows)} predictions of stations that still had more than two.`,
      labels: hours.map(at),
      unit: 'cases an hour',
      series: [
        { name: 'Caught', colour: 'model', values: count('caught') },
        { name: 'Missed', colour: 'persistence', values: count('missed') },
        { name: 'False warning', colour: 'third', values: count('false') },
      ],
    }),
    lineFigure({
      id: `quality-${target}`,
      title: 'Onset PR-AUC of the last 24 hours',
      caption: `As published at each batch of ${window}, over the 24 hours before it${samples === undefined ? '; nothing was published' : `: ${countText(samples)} predictions at the last one`}.`,
      labels: batches.times.map(at),
      unit: 'PR-AUC, onset rows',
      series: [
        { name: 'Model', colour: 'model', values: onGrid(day, BATCH_SECONDS, series.onset).values },
        {
          name: 'Persistence',
          colour: 'persistence',
          values: onGrid(day, BATCH_SECONDS, series.persistence_onset).values,
          dashed: true,
        },
      ],
    }),
    lineFigure({
      id: `drift-${target}`,
      title: 'Drift (PSI) of the last 24 hours',
      caption: `As published on each hour of ${window}: the feature that moved most; 0.2 warns, 0.3 is critical. ${driftSample(endpoint)}`,
      labels: hours.map(at),
      unit: 'PSI',
      series: [
        { name: 'PSI', colour: 'model', values: onGrid(day, HOUR_SECONDS, series.psi).values },
        { name: 'Warning', colour: 'quiet', values: hours.map(() => 0.2), dashed: true, bound: true },
      ],
    }),
  ]
}

function driftSample({ drift }: EndpointDay): string {
  if (drift === null) return 'No drift record of the day.'
  if (drift.psi === null) return `None at the last one: ${drift.reason ?? 'unknown why'}.`
  return `${countText(drift.rows)} rows of ${countText(drift.requests)} requests at the last one.`
}

const inHour = (t: EpochSeconds, hour: EpochSeconds): boolean => t >= hour && t < hour + HOUR_SECONDS

/** How old the newest snapshot was at each batch. */
export function feedFigure({ day, endpoints, gaps }: DayReport): Figure {
  const series = endpoints[0]?.series.feed_age ?? []
  const grid = onGrid(day, BATCH_SECONDS, series)
  const minutes = grid.values.map((value) => (value === null ? null : value / 60))
  return lineFigure({
    id: 'feed',
    title: 'Age of the newest snapshot',
    caption: `At each batch of ${day.ds}, ${day.timezone}: ${countText(series.length)} of ${countText(grid.times.length)} known; ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'} of over 15 min.`,
    labels: grid.times.map(wallTime(day.timezone)),
    unit: 'minutes',
    series: [{ name: 'Age', colour: 'model', values: minutes }],
  })
}
