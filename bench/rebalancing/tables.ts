import { pairedInterval } from '../../src/operations/rebalancing/paired-interval.ts'
import type { PeakRow } from './recorded-peaks.ts'
import type { CityRow } from './simulated-cities.ts'

const one = (value: number | null): string => (value === null ? '–' : value.toFixed(1))
const percent = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`)

/** Mean and 95 % interval of paired differences, in words. */
function meanText(differences: readonly number[]): string {
  const { mean, low, high } = pairedInterval(differences)
  return `${one(mean)} (95 %: ${one(low)} to ${one(high)})`
}

/** Evening peaks of the recording, one line each, and what they say together. */
export function peaksTable(rows: readonly PeakRow[]): string {
  const both = rows.filter((row) => row.planReplayed !== null && row.greedyReplayed !== null)
  return [
    '| 16:30 of | expected lost | greedy avoids | plan avoids | gap | no plan more than | greedy, replayed | plan, replayed |',
    '| --- | --: | --: | --: | --: | --: | --: | --: |',
    ...rows.map(
      (row) =>
        `| ${row.day} | ${one(row.lost)} | ${one(row.greedy)} | ${one(row.plan)} | ${percent(row.gap)} | ${one(row.relaxed)} | ${one(row.greedyReplayed)} | ${one(row.planReplayed)} |`,
    ),
    '',
    `Plan minus greedy, expected: ${meanText(rows.map((row) => row.plan - row.greedy))} lost rides a peak. Replayed: plan ${meanText(both.map((row) => row.planReplayed ?? 0))}, greedy ${meanText(both.map((row) => row.greedyReplayed ?? 0))}, difference ${meanText(both.map((row) => (row.planReplayed ?? 0) - (row.greedyReplayed ?? 0)))}.`,
  ].join('\n')
}

/** Simulated cities, one line each, and what they say together. */
export function citiesTable(rows: readonly CityRow[]): string {
  return [
    '| seed | riders | lost, nothing done | avoided, greedy | avoided, plan | expected of the plan |',
    '| --: | --: | --: | --: | --: | --: |',
    ...rows.map(
      (row) =>
        `| ${row.seed} | ${row.riders.toFixed(0)} | ${one(row.lost)} | ${one(row.greedy)} | ${one(row.plan)} | ${one(row.expected)} |`,
    ),
    '',
    `Avoided a city, paired over ${rows.length} seeds: plan ${meanText(rows.map((row) => row.plan))}, greedy ${meanText(rows.map((row) => row.greedy))}, plan minus greedy ${meanText(rows.map((row) => row.plan - row.greedy))}. Expected of the plan: ${meanText(rows.map((row) => row.expected))}.`,
  ].join('\n')
}
