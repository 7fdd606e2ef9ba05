import { canonicalJson, sha256 } from '../../core/hash.ts'
import { dayKey } from '../../core/keys.ts'
import type { Platform } from '../../platform/ports.ts'
import { atOnce, FILES_AT_ONCE } from './at-once.ts'
import { calendarOf } from './calendar.ts'
import type { CalendarZone } from './holidays.ts'
import { tableColumns } from './columns.ts'
import { HOLIDAY_RULES } from './holidays.ts'
import { readMarker, writeMarker } from './marker.ts'

/** Raised when the same zone is to give another calendar. */
const FORMAT = 1

/** Writes the calendar of those days that have none, or one of another time zone, country or set of holiday rules. */
export async function ensureCalendar(
  { store, warehouse }: Pick<Platform, 'store' | 'warehouse'>,
  city: string,
  zone: CalendarZone,
  days: readonly string[],
): Promise<void> {
  const { timezone, country } = zone
  const inputs_sha256 = sha256(canonicalJson({ format: FORMAT, timezone, country, rules: HOLIDAY_RULES }))
  const calendar = calendarOf(zone)
  await atOnce(days, FILES_AT_ONCE, async (ds) => {
    if ((await readMarker(store, 'calendar', city, ds))?.inputs_sha256 === inputs_sha256) return
    const rows = calendar(ds)
    const { sha256: hash } = await warehouse.writeRows(
      dayKey('calendar', city, ds),
      tableColumns('calendar', rows),
    )
    await writeMarker(store, 'calendar', city, ds, { inputs_sha256, rows: rows.length, sha256: hash })
  })
}
