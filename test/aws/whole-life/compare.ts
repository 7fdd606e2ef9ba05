import type { SqlValue, Statement, Warehouse } from '../../../src/platform/ports.ts'

/** Two figures that differ by more are not the same. */
const TOLERANCE = 1e-6

/** What a comparison came to; a difference says where and what. */
export interface Compared {
  count: number
  readonly differences: string[]
}

/** Every leaf of two documents: numbers to 1e-6, anything else as it is. `leave` names members that are not compared. */
export function compareFigures(a: unknown, b: unknown, leave: readonly string[] = []): Compared {
  const total: Compared = { count: 0, differences: [] }
  walk(a, b, '', leave, total)
  return total
}

function walk(a: unknown, b: unknown, path: string, leave: readonly string[], total: Compared): void {
  if (isBranch(a) && isBranch(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      if (!leave.includes(name)) walk(a[name], b[name], `${path}/${name}`, leave, total)
    return
  }
  total.count++
  if (!same(a, b)) total.differences.push(`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`)
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number' && Number.isFinite(a))
    return Math.abs(a - b) <= TOLERANCE
  return Object.is(a, b)
}

/** Every cell of a statement's result in two warehouses. */
export async function compareTables(a: Warehouse, b: Warehouse, statement: Statement): Promise<Compared> {
  const total: Compared = { count: 0, differences: [] }
  const [left, right] = await Promise.all([a, b].map((warehouse) => columnsOf(warehouse, statement)))
  const names = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])
  for (const name of names) {
    const [x, y] = [left?.[name] ?? [], right?.[name] ?? []]
    for (let row = 0; row < Math.max(x.length, y.length); row++) {
      total.count++
      if (!same(x[row], y[row]))
        total.differences.push(`${statement.name} ${name} ${row}: ${x[row]} and ${y[row]}`)
    }
  }
  return total
}

async function columnsOf(warehouse: Warehouse, statement: Statement): Promise<Record<string, SqlValue[]>> {
  const all: Record<string, SqlValue[]> = {}
  for await (const { columns } of warehouse.stream(statement))
    for (const [name, values] of Object.entries(columns)) {
      const cells = (all[name] ??= [])
      for (let row = 0; row < values.length; row++) cells.push(values[row] ?? null)
    }
  return all
}
