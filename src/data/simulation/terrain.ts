import { cosTurn, exp, squared } from './arithmetic.ts'
import type { Random } from './random.ts'

/** A place in kilometres east and north of the city's centre. */
export interface Point {
  readonly east: number
  readonly north: number
}

/** A part of the city that is about one thing: offices, a park, a hill. `radius` in km. */
export interface Spot extends Point {
  readonly radius: number
}

/** `count` spots up to `reach` km from the centre, of about `radius` km; the first lies near the centre. */
export function drawSpots(random: Random, count: number, reach: number, radius: number): Spot[] {
  return Array.from({ length: count }, (_, index) => {
    const distance = index === 0 ? reach * 0.15 : reach * Math.sqrt(random.uniform())
    const turn = random.uniform()
    return {
      east: distance * cosTurn(turn),
      north: distance * cosTurn(turn - 0.25),
      radius: radius * random.between(0.7, 1.3),
    }
  })
}

/** Bell-shaped nearness to the closest spot, 0..1. */
export function nearness(spots: readonly Spot[], point: Point): number {
  let best = 0
  for (const spot of spots) {
    const east = point.east - spot.east
    const north = point.north - spot.north
    const square = (east * east + north * north) / (spot.radius * spot.radius)
    if (square < 40) best = Math.max(best, exp(-square / 2))
  }
  return best
}

/** Points at least 180 m apart, denser towards the centre and ordered outwards. */
export function scatterPoints(random: Random, count: number, radius: number): Point[] {
  const apart = 0.18
  const cells = new Map<string, Point[]>()
  const points: Point[] = []
  const cellOf = (x: number): number => Math.floor(x / apart)
  for (let tries = 0; points.length < count; tries++) {
    // The town grows when it is too crowded, so that this always ends.
    const reach = radius * (1 + tries / (count * 200))
    const u = random.uniform()
    const distance = reach * Math.sqrt(u) * (0.55 + 0.45 * u)
    const turn = random.uniform()
    const point = { east: distance * cosTurn(turn), north: distance * cosTurn(turn - 0.25) }
    const [x, y] = [cellOf(point.east), cellOf(point.north)]
    let crowded = false
    for (let dx = -1; dx <= 1 && !crowded; dx++) {
      for (let dy = -1; dy <= 1 && !crowded; dy++) {
        crowded = (cells.get(`${x + dx},${y + dy}`) ?? []).some(
          (other) => squared(other.east - point.east) + squared(other.north - point.north) < squared(apart),
        )
      }
    }
    if (crowded) continue
    const cell = cells.get(`${x},${y}`)
    if (cell === undefined) cells.set(`${x},${y}`, [point])
    else cell.push(point)
    points.push(point)
  }
  return points.sort((a, b) => squared(a.east) + squared(a.north) - (squared(b.east) + squared(b.north)))
}
