/**
 * Of riders, counts between two snapshots show the difference alone: one who rents and one who returns cancel out. When both
 * are Poisson the difference is Skellam's (J. G. Skellam, 1946), and the means follow from those of its two sides.
 *
 * `lost` and `gained` are the means of max(-d, 0) and max(d, 0) of a difference d; the result are the means of rentals and
 * returns that have them: `lost + c` and `gained + c`, with c by bisection on the mean of |d|.
 */
export function grossFlows(
  lost: number,
  gained: number,
): { readonly rentals: number; readonly returns: number } {
  const wanted = lost + gained
  if (!(wanted > 0)) return { rentals: 0, returns: 0 }
  let low = 0
  let high = 1
  while (meanAbsolute(lost + high, gained + high) < wanted && high < MOST) high *= 2
  for (let n = 0; n < 30; n++) {
    const middle = (low + high) / 2
    if (meanAbsolute(lost + middle, gained + middle) < wanted) low = middle
    else high = middle
  }
  const hidden = (low + high) / 2
  return { rentals: lost + hidden, returns: gained + hidden }
}

/** Beyond so many hidden riders an interval, the changes of a station say nothing of its riders. */
const MOST = 64

/** Mean of |X - Y| of two independent Poisson counts. */
export function meanAbsolute(a: number, b: number): number {
  // From the distribution functions: |x - y| is the number of whole n with x <= n < y, or y <= n < x.
  let [pa, pb] = [Math.exp(-a), Math.exp(-b)]
  let [fa, fb] = [pa, pb]
  let mean = 0
  for (let n = 0; ; n++) {
    mean += fa * (1 - fb) + fb * (1 - fa)
    if (n > a && n > b && 1 - fa < 1e-9 && 1 - fb < 1e-9) return mean
    if (n > 10 * (a + b) + 100) return mean
    pa *= a / (n + 1)
    pb *= b / (n + 1)
    fa += pa
    fb += pb
  }
}
