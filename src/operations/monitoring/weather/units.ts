import type { WeatherColumn } from '../../../data/weather/ranges.ts'

/** Another unit that values may come in without anybody saying so. */
export interface OtherUnit {
  /** `°F`, in words for an operator. */
  readonly name: string
  /** From it to the column's own unit, and the derivative. */
  readonly convert: (value: number) => number
  readonly slope: number
}

/** A column whose unit can be told from its values alone. */
export interface UnitTest {
  readonly column: WeatherColumn
  /** The scale on which hourly changes are alike, and its derivative. */
  readonly scale: (value: number) => number
  readonly scaleSlope: (value: number) => number
  readonly others: readonly OtherUnit[]
}

const times = (name: string, factor: number): OtherUnit => ({
  name,
  convert: (value) => value * factor,
  slope: factor,
})
/** Calm hours differ by fractions of a km/h, which a plain logarithm would blow up. */
const windScale = (value: number): number => Math.log(value + 2)
const windSlope = (value: number): number => 1 / (value + 2)
const same = (value: number): number => value
const one = (): number => 1
const SPEEDS = [
  times('m/s', 3.6),
  times('knots', 1.852),
  times('mph', 1.609_344),
  times('3.6 times km/h', 1 / 3.6),
]

/**
 * The units that a column may be in by mistake. Pressure in kPa, inHg or mmHg and temperature in K leave the range, so that
 * they are found without a test; rain and snow in cm or inches look like drizzle, and cannot be told from it by values.
 */
export const UNIT_TESTS: readonly UnitTest[] = [
  {
    column: 'temp_c',
    scale: same,
    scaleSlope: one,
    others: [
      { name: '°F', convert: (value) => (value - 32) / 1.8, slope: 1 / 1.8 },
      { name: '°C made from °F twice', convert: (value) => value * 1.8 + 32, slope: 1.8 },
    ],
  },
  { column: 'wind_kph', scale: windScale, scaleSlope: windSlope, others: SPEEDS },
  { column: 'wind_gust_kph', scale: windScale, scaleSlope: windSlope, others: SPEEDS },
  { column: 'rhum_pct', scale: same, scaleSlope: one, others: [times('a share of 1', 100)] },
]
