/** A point: longitude, latitude. */
export type Position = readonly [number, number]
/** West, south, east, north. */
export type Box = readonly [number, number, number, number]

interface Edge {
  readonly isInside: (point: Position) => boolean
  readonly cut: (a: Position, b: Position) => Position
}

const between = (a: number, b: number, share: number) => a + (b - a) * share

function edges([west, south, east, north]: Box): readonly Edge[] {
  const vertical =
    (x: number) =>
    (a: Position, b: Position): Position => [x, between(a[1], b[1], (x - a[0]) / (b[0] - a[0]))]
  const horizontal =
    (y: number) =>
    (a: Position, b: Position): Position => [between(a[0], b[0], (y - a[1]) / (b[1] - a[1])), y]
  return [
    { isInside: ([x]) => x >= west, cut: vertical(west) },
    { isInside: ([x]) => x <= east, cut: vertical(east) },
    { isInside: ([, y]) => y >= south, cut: horizontal(south) },
    { isInside: ([, y]) => y <= north, cut: horizontal(north) },
  ]
}

/** A ring within a box (Sutherland and Hodgman, 1974); empty when nothing of it lies there. */
export function clipRing(ring: readonly Position[], box: Box): readonly Position[] {
  const [west, south, east, north] = boxOf(ring)
  if (west > box[2] || east < box[0] || south > box[3] || north < box[1]) return []
  if (west >= box[0] && east <= box[2] && south >= box[1] && north <= box[3]) return ring
  let points: readonly Position[] = ring
  for (const { isInside, cut } of edges(box)) {
    const kept: Position[] = []
    for (const [index, point] of points.entries()) {
      const before = points[(index + points.length - 1) % points.length] ?? point
      if (isInside(point) !== isInside(before)) kept.push(cut(before, point))
      if (isInside(point)) kept.push(point)
    }
    points = kept
  }
  return points.length < 3 ? [] : points
}

function boxOf(points: readonly Position[]): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of points) {
    west = Math.min(west, x)
    south = Math.min(south, y)
    east = Math.max(east, x)
    north = Math.max(north, y)
  }
  return [west, south, east, north]
}

/** The pieces of a line that have a point within a box, or cross it. */
export function clipLine(line: readonly Position[], box: Box): Position[][] {
  const pieces: Position[][] = []
  let piece: Position[] = []
  const end = () => {
    if (piece.length > 1) pieces.push(piece)
    piece = []
  }
  for (const [index, point] of line.entries()) {
    const before = line[index - 1]
    if (before === undefined) continue
    if (!touches(before, point, box)) end()
    else {
      if (piece.length === 0) piece.push(before)
      piece.push(point)
    }
  }
  end()
  return pieces
}

function touches(a: Position, b: Position, [west, south, east, north]: Box): boolean {
  return (
    Math.min(a[0], b[0]) <= east &&
    Math.max(a[0], b[0]) >= west &&
    Math.min(a[1], b[1]) <= north &&
    Math.max(a[1], b[1]) >= south
  )
}
