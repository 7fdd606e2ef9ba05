/** Turns a number of another unit into the column's own. */
export type Convert = (value: number) => number

/** A new value with the noise of binary fractions cut off after six decimals. */
const scaled =
  (factor: number): Convert =>
  (value) =>
    Math.round(value * factor * 1e6) / 1e6

/** The unit is the column's own already. */
export const same: Convert = (value) => value
/** Fahrenheit to Celsius. */
export const fahrenheitToC: Convert = (value) => Math.round(((value - 32) / 1.8) * 1e6) / 1e6
/** Metres a second to km/h. */
export const msToKph = scaled(3.6)
/** Miles an hour to km/h. */
export const mphToKph = scaled(1.609344)
/** Knots to km/h. */
export const knotsToKph = scaled(1.852)
/** Inches of rain to millimetres. */
export const inchToMm = scaled(25.4)
/** Centimetres of fallen snow to millimetres of water: about 7 cm of snow make 10 mm of water (Open-Meteo's rule). */
export const snowCmToWaterMm = scaled(10 / 7)
/** Inches of fallen snow to millimetres of water. */
export const snowInchToWaterMm = scaled(25.4 / 7)
