import type { HoursUntil } from '../../test/support/shift-table.ts'
import type { Verdict } from './judge-lake.ts'

/** The quiet weeks, a row a lake. */
export function quietTable(verdicts: readonly Verdict[]): string {
  return markdown(
    ['quiet weeks of', 'days', 'greatest PSI', 'greatest FrozenStations', 'WeatherFaults'],
    verdicts.map((v) => [
      v.name,
      String(v.quietDays),
      `${v.psi.greatest.toFixed(3)} (${v.psi.feature})`,
      v.frozen.toFixed(3),
      v.weather === null ? '–' : String(v.weather),
    ]),
  )
}

/** The planted shifts, a row a shift: of how many it was found in 24 hours, and after how many hours. */
export function shiftTable(verdicts: readonly Verdict[]): string {
  const shifts = [...new Set(verdicts.flatMap((v) => Object.keys(v.hours)))]
  return markdown(
    ['shift → alarm', ...verdicts.flatMap((v) => [`${v.name}: found`, 'hours, median (most)'])],
    shifts.map((shift) => [shift, ...verdicts.flatMap((v) => cells(v.hours[shift]))]),
  )
}

function cells(hours: HoursUntil | undefined): string[] {
  if (hours === undefined) return ['–', '–']
  const found = hours.filter((hour) => hour !== null).toSorted((a, b) => a - b)
  const [median, most] = [found[found.length >> 1], found.at(-1)]
  return [`${found.length} of ${hours.length}`, median === undefined ? '–' : `${median} (${most})`]
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
