import type { ReasonGroup, ReasonPart } from '../../core/contracts/explanation.ts'
import type { FeatureName, Target } from '../../core/contracts/features.ts'

/** What the words of a prediction are made from. */
export interface WordsSubject {
  readonly target: Target
  /** Bikes or docks at the slot. */
  readonly count_now: number
  /** Minute of the hour, local. */
  readonly minute: number
  /** A feature at the slot; null when it is missing. */
  readonly value: (name: FeatureName) => number | null
  /** What it adds to the margin. */
  readonly contribution: (name: FeatureName) => number
  /** The same feature half an hour before the slot. */
  readonly before: (name: FeatureName) => number | null
}

/** A neighbourhood moves when the share changes by this much. */
const MOVES = 0.03

/** One group of features in words: clauses of a sentence. */
export const WORDS: Readonly<Record<ReasonGroup, (subject: WordsSubject) => ReasonPart[]>> = {
  state: ({ target, count_now }) => [{ key: 'count_now', params: { what: target, count: count_now } }],
  trend: (subject) => trend(subject),
  neighbours: (subject) => [neighbours(subject)],
  time: (subject) => time(subject),
  weather: (subject) => [weather(subject)],
}

/** What says most to the model of the last hour: a mean, or a change; beside a mean the change, if there was one. */
function trend(subject: WordsSubject): ReasonPart[] {
  const { target } = subject
  const change = weightiest(subject, [
    { name: `delta_${target}_5m`, what: target, minutes: 5 },
    { name: 'roll15_net_bikes', what: 'bikes', minutes: 15 },
    { name: 'roll30_net_bikes', what: 'bikes', minutes: 30 },
    { name: 'roll60_net_bikes', what: 'bikes', minutes: 60 },
  ])
  const mean = weightiest(subject, [
    { name: 'roll15_bikes_mean', what: 'bikes', minutes: 15 },
    { name: 'roll30_bikes_mean', what: 'bikes', minutes: 30 },
    { name: 'roll60_bikes_mean', what: 'bikes', minutes: 60 },
  ])
  const parts: ReasonPart[] = []
  if (mean && mean.weight > (change?.weight ?? 0)) {
    const { what, value, minutes } = mean
    parts.push({ key: 'mean', params: { what, mean: Math.round(value * 10) / 10, minutes } })
  }
  if (change) {
    const { what, value, minutes } = change
    if (value !== 0) parts.push({ key: 'changed', params: { what, change: Math.round(value), minutes } })
    else if (parts.length === 0) parts.push({ key: 'steady', params: { what, minutes } })
  }
  return parts.length > 0 ? parts : [{ key: 'trend_unknown', params: {} }]
}

interface Past {
  readonly name: FeatureName
  readonly what: Target
  readonly minutes: number
}

interface Weighed extends Past {
  readonly value: number
  readonly weight: number
}

/** Of the features that are known, the one that adds or takes most. */
function weightiest(subject: WordsSubject, features: readonly Past[]): Weighed | undefined {
  return features
    .flatMap((feature) => {
      const value = subject.value(feature.name)
      return value === null
        ? []
        : [{ ...feature, value, weight: Math.abs(subject.contribution(feature.name)) }]
    })
    .reduce<Weighed | undefined>((most, one) => (most && most.weight >= one.weight ? most : one), undefined)
}

function neighbours({ target, value, before }: WordsSubject): ReasonPart {
  const name = `nbr_${target}_weighted` as const
  const level = value(name)
  if (level === null) return { key: 'neighbours_unknown', params: {} }
  const earlier = before(name)
  const bikes = earlier === null ? null : target === 'bikes' ? level - earlier : earlier - level
  const direction =
    bikes === null ? null : bikes <= -MOVES ? 'emptying' : bikes >= MOVES ? 'filling' : 'steady'
  return {
    key: 'neighbours',
    params: { what: target, level: Math.min(1, Math.max(0, level)), direction },
  }
}

function time({ value, minute }: WordsSubject): ReasonPart[] {
  const [weekday, hour] = [value('dow'), value('hour')]
  if (weekday === null || hour === null) return []
  const kind =
    value('is_holiday') === 1 ? 'holiday' : value('is_weekend') === 1 ? 'weekend' : ('weekday' as const)
  return [{ key: 'time', params: { weekday, hour, minute, kind } }]
}

function weather({ value }: WordsSubject): ReasonPart {
  const [temp_c, precip_mm, wind_kph, snow] = [
    value('temp_c'),
    value('precip_mm'),
    value('wind_kph'),
    value('snow_mm'),
  ]
  const sky = (snow ?? 0) > 0 ? 'snow' : precip_mm === null ? null : precip_mm > 0 ? 'rain' : ('dry' as const)
  if (sky === null && temp_c === null && wind_kph === null) return { key: 'weather_unknown', params: {} }
  return { key: 'weather', params: { sky, temp_c, precip_mm, wind_kph } }
}
