import {
  constraintsInputSchema,
  constraintsSchema,
  type Constraints,
  type ConstraintsInput,
} from '../../core/contracts/plan.ts'
import { messageOf, OperatorError } from '../../core/errors.ts'
import type { EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

const KEY = 'plans/constraints.json'

/** No depots, no crews, nothing closed. */
export const NO_CONSTRAINTS: Constraints = {
  constraints_version: 1,
  updated_at: null,
  by: null,
  depots: [],
  crews: [],
  closed_stations: [],
}

/** What operators set, and the tag to write over it by; null when nothing was ever set. CORRUPT when it is damaged. */
export async function readConstraints(
  store: ObjectStore,
): Promise<{ readonly constraints: Constraints; readonly etag: string | null }> {
  const object = await store.get(KEY)
  if (object === undefined) return { constraints: NO_CONSTRAINTS, etag: null }
  try {
    const constraints = constraintsSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
    return { constraints, etag: object.etag }
  } catch (error) {
    throw new OperatorError(
      'CORRUPT',
      `${KEY} is damaged: ${messageOf(error)}`,
      'Restore it from a backup.',
      error,
    )
  }
}

/**
 * Sets what operators set, whole. WRITE_CONFLICT when somebody did so since `etag` was read (null: nothing was set then).
 * BAD_INPUT for a crew of a depot that is not there, an id given twice, or what is no constraint at all.
 */
export async function writeConstraints(
  store: ObjectStore,
  input: ConstraintsInput,
  o: { readonly by: string; readonly now: EpochSeconds; readonly etag: string | null },
): Promise<{ readonly constraints: Constraints; readonly etag: string }> {
  const checked = checkConstraints(input)
  if (o.by.trim() === '')
    throw new OperatorError('USAGE', 'constraints need a name of who sets them', 'Give --by.')
  const constraints: Constraints = { constraints_version: 1, updated_at: o.now, by: o.by, ...checked }
  const { etag } = await store.put(
    KEY,
    `${JSON.stringify(constraints, null, 2)}\n`,
    o.etag === null ? { ifAbsent: true } : { ifMatch: o.etag },
  )
  return { constraints, etag }
}

/** Constraints that make sense. BAD_INPUT with the first thing that does not. */
export function checkConstraints(input: unknown): ConstraintsInput {
  const result = constraintsInputSchema.safeParse(input)
  if (!result.success) {
    const [issue] = result.error.issues
    throw bad(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`)
  }
  const { depots, crews, closed_stations } = result.data
  twice(
    'depots',
    depots.map(({ id }) => id),
  )
  twice(
    'crews',
    crews.map(({ id }) => id),
  )
  twice(
    'closed_stations',
    closed_stations.map(({ station_id }) => station_id),
  )
  const lost = crews.find(({ depot }) => depot !== null && !depots.some(({ id }) => id === depot))
  if (lost) throw bad(`crews: "${lost.id}" belongs to the depot "${lost.depot}", which is not there`)
  return result.data
}

function twice(what: string, ids: readonly string[]): void {
  const again = ids.find((id, n) => ids.indexOf(id) !== n)
  if (again !== undefined) throw bad(`${what}: "${again}" is given twice`)
}

const bad = (text: string): OperatorError =>
  new OperatorError('BAD_INPUT', `constraints: ${text}`, 'docs/rebalancing.md says what they are.')
