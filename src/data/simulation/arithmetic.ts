/**
 * Elementary functions from additions, multiplications and divisions alone. Those are exact to the last bit in IEEE 754,
 * whereas `Math.exp`, `Math.log`, `Math.cos` and `**` may differ between engines and versions: one bit would be enough to make
 * another city of the same seed.
 */

const LN2_HIGH = 0.69314718036912381649
const LN2_LOW = 1.90821492927058770002e-10
const LN2 = Math.LN2

/** e^x for x within -700..700, to about 1 ulp. */
export function exp(x: number): number {
  const k = Math.floor(x / LN2 + 0.5)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let sum = 1
  for (let n = 13; n >= 1; n--) sum = 1 + (sum * r) / n
  return scale(sum, k)
}

/** The natural logarithm of x > 0. */
export function log(x: number): number {
  let k = 0
  let m = x
  while (m > Math.SQRT2) {
    m /= 2
    k++
  }
  while (m < Math.SQRT1_2) {
    m *= 2
    k--
  }
  const t = (m - 1) / (m + 1)
  const square = t * t
  let sum = 0
  for (let n = 21; n >= 1; n -= 2) sum = sum * square + 1 / n
  return 2 * t * sum + k * LN2
}

/** cos(2 pi t): the cosine of `t` turns. */
export function cosTurn(t: number): number {
  let u = t - Math.floor(t)
  if (u > 0.5) u = 1 - u
  const sign = u > 0.25 ? -1 : 1
  if (u > 0.25) u = 0.5 - u
  const square = squared(2 * Math.PI * u)
  let sum = 1
  for (let n = 20; n >= 2; n -= 2) sum = 1 - (sum * square) / (n * (n - 1))
  return sign * sum
}

/** sin(2 pi t): the sine of `t` turns. */
export const sinTurn = (t: number): number => cosTurn(t - 0.25)

/** x * x: `**` may go through `Math.pow`. */
export const squared = (x: number): number => x * x

/** `x` within `low`..`high`. */
export const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x)

/** `x` to `digits` decimals, as a feed prints it. */
export function round(x: number, digits: number): number {
  const unit = DECIMALS[digits] ?? 1
  return Math.round(x * unit) / unit
}

const DECIMALS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

function scale(x: number, k: number): number {
  let y = x
  for (let n = k; n > 0; n--) y *= 2
  for (let n = k; n < 0; n++) y /= 2
  return y
}
