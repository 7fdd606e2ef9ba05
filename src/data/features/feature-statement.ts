import type { Dataset } from '../../core/keys.ts'
import { loadSql } from '../../core/sql.ts'
import {
  DAY_SECONDS,
  dsOf,
  HORIZON_SECONDS,
  HOUR_SECONDS,
  SLOT_SECONDS,
  STATE_MAX_AGE_SECONDS,
  WINDOW_SECONDS,
  type EpochSeconds,
} from '../../core/time.ts'
import type { ObjectStore, Statement, TableRef } from '../../platform/ports.ts'
import { datasetDays } from '../lake/days.ts'

/** The one statement behind every feature row, offline and online. */
export const FEATURES_SQL = loadSql(import.meta.url, './features.sql')

const WEATHER_AGE_SECONDS = 6 * HOUR_SECONDS

/** How far before a slot the oldest snapshot may lie that its features need: the state of t-60 min may be 15 min old. */
export const HISTORY_SECONDS = WINDOW_SECONDS + STATE_MAX_AGE_SECONDS

/** Which slots' rows are asked for. Both ends are slots and belong to it, and lie on one UTC day. */
export interface SlotRange {
  readonly from: EpochSeconds
  readonly to: EpochSeconds
  /** Until when the feed has come: a state at a later slot is not known yet. */
  readonly knownUntil: EpochSeconds
}

/** The slots of a UTC day, in a lake that has come until `knownUntil`. */
export function slotsOfDay(midnight: EpochSeconds, knownUntil: EpochSeconds): SlotRange {
  const to = midnight + DAY_SECONDS - SLOT_SECONDS
  // What comes after the last label changes nothing, and must not make the day look changed.
  return { from: midnight, to, knownUntil: Math.min(knownUntil, to + HORIZON_SECONDS) }
}

/** Days of the calendar that the statement reads: its grid reaches an hour back and half an hour on. */
export const calendarDays = ({
  from,
  to,
}: Pick<SlotRange, 'from' | 'to'>): { dsFrom: string; dsTo: string } => ({
  dsFrom: dsOf(from - WINDOW_SECONDS),
  dsTo: dsOf(to + HORIZON_SECONDS),
})

/** The statement for a range of slots. `stations`, `neighbours` and `calendar` must be up to date. */
export async function featureStatement(
  store: ObjectStore,
  city: string,
  slots: SlotRange,
): Promise<Statement> {
  return {
    name: 'features',
    sql: FEATURES_SQL,
    tables: await featureTables(store, city, slots),
    params: { city, slot_from: slots.from, slot_to: slots.to, known_until: slots.knownUntil },
  }
}

/** A table of the lake that features are made of. */
export interface FeatureTable extends TableRef {
  readonly dataset: Dataset
}

/** What the statement reads, by the names it has there. */
export async function featureTables(
  store: ObjectStore,
  city: string,
  slots: SlotRange,
): Promise<Record<'status' | 'stations' | 'neighbours' | 'weather' | 'calendar', FeatureTable>> {
  const since = slots.from - HISTORY_SECONDS
  const until = Math.min(slots.knownUntil, slots.to + HORIZON_SECONDS)
  const ds = dsOf(slots.from)
  return {
    status: {
      dataset: 'station_status',
      city,
      dsFrom: dsOf(since),
      dsTo: dsOf(Math.max(since, until)),
      since,
      until,
    },
    stations: { dataset: 'stations', city, dsFrom: ds, dsTo: ds },
    neighbours: {
      dataset: 'neighbours',
      city,
      dsFrom: await neighboursFrom(store, city, dsOf(since)),
      dsTo: dsOf(slots.to),
    },
    weather: {
      dataset: 'weather_hourly',
      city,
      dsFrom: dsOf(slots.from - WEATHER_AGE_SECONDS),
      dsTo: dsOf(slots.to),
    },
    calendar: { dataset: 'calendar', city, ...calendarDays(slots) },
  }
}

/** The set in force at the beginning of a day is the last of an earlier day. */
async function neighboursFrom(store: ObjectStore, city: string, ds: string): Promise<string> {
  const days = await datasetDays(store, 'neighbours', city)
  return days.findLast((day) => day < ds) ?? ds
}
