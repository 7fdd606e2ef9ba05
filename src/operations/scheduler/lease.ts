import { z } from 'zod'
import { isOperatorError, OperatorError } from '../../core/errors.ts'
import { isoOf, type Clock, type EpochSeconds } from '../../core/time.ts'
import type { ObjectStore } from '../../platform/ports.ts'

/** The lease of a lake, or of a part of its jobs. The file stays when nobody holds it, for its token. */
export const leaseKey = (part?: string): string =>
  `scheduler/${part === undefined ? '' : `${part}/`}lease.json`
/** A holder that is not heard of for this long has lost it. */
export const LEASE_SECONDS = 60
/** A look at the lease is good for this long at most, in milliseconds; of a short one for less. */
const LOOK_MS = 2000

const holderSchema = z.strictObject({ host: z.string(), pid: z.int() })
const leaseSchema = z.strictObject({
  /** Fencing token: one higher with every new holder. */
  token: z.int().nonnegative(),
  holder: holderSchema.nullable(),
  expires_at: z.int(),
})
/** Who may write for the scheduler of a lake, and until when (epoch seconds by the wall clock). */
export type LeaseRecord = z.infer<typeof leaseSchema>
/** A process that runs a scheduler. */
export type Holder = z.infer<typeof holderSchema>

/** The lease is another's now. */
export class LostLease extends OperatorError {
  constructor(heldBy: LeaseRecord | undefined) {
    super(
      'UNAVAILABLE',
      `this scheduler has lost its lease; the lake is held by ${heldBy ? heldByText(heldBy) : 'nobody'}`,
      'It was paused for longer than its lease. It wrote nothing since; start it again with --wait.',
    )
  }
}

/** A lease that is held. */
export interface Lease {
  readonly token: number
  /** Aborted once it is known to be lost. */
  readonly lost: AbortSignal
  /** Makes sure that it is still held, and renews it when it is time. Rejects with LostLease from then on when it is lost. */
  check(): Promise<void>
  /** Gives it up. */
  release(): Promise<void>
}

/** What taking a lease needs. `wall` dates it; `elapsedMs` notices a pause of this process. */
export interface LeaseOptions {
  readonly holder: Holder
  readonly wall: Clock
  readonly elapsedMs: () => number
  /** Default: LEASE_SECONDS. */
  readonly seconds?: number
  /** Of one part of the jobs alone. */
  readonly part?: string
}

interface Stored {
  readonly record: LeaseRecord
  readonly etag: string
}

/** The lease as it stands; undefined when there never was one. CORRUPT when the file is damaged. */
export async function readLease(store: ObjectStore, part?: string): Promise<LeaseRecord | undefined> {
  return (await stored(store, leaseKey(part)))?.record
}

/**
 * Takes the lease of a lake, or gives who holds it. An expired lease is free, and so is that of a process of this machine
 * that has ended. One that ends later than any lease could is of a clock that was set back since: it is free as well, and
 * a holder that is alive notices at its next write.
 */
export async function takeLease(
  store: ObjectStore,
  options: LeaseOptions,
): Promise<{ readonly lease: Lease } | { readonly heldBy: LeaseRecord }> {
  const seconds = options.seconds ?? LEASE_SECONDS
  const key = leaseKey(options.part)
  for (;;) {
    const before = await stored(store, key)
    if (before && isHeld(before.record, options, seconds)) return { heldBy: before.record }
    const record = {
      token: (before?.record.token ?? 0) + 1,
      holder: options.holder,
      expires_at: options.wall() + seconds,
    }
    try {
      const condition = before ? { ifMatch: before.etag } : { ifAbsent: true }
      await store.put(key, textOf(record), condition)
      return { lease: holdLease(store, record.token, { ...options, seconds }) }
    } catch (error) {
      // Another one took it in between: look who.
      if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
    }
  }
}

/** A lease that others know to be held, in words. */
export function heldByText({ holder, expires_at }: LeaseRecord): string {
  return holder === null
    ? 'nobody'
    : `process ${holder.pid} on ${holder.host} (its lease ends at ${isoOf(expires_at)} unless renewed)`
}

function isHeld(record: LeaseRecord, { holder, wall }: LeaseOptions, seconds: number): boolean {
  const now = wall()
  if (record.holder === null || record.expires_at <= now || record.expires_at > now + 2 * seconds)
    return false
  if (record.holder.host !== holder.host) return true
  return record.holder.pid !== holder.pid && isAlive(record.holder.pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function holdLease(store: ObjectStore, token: number, o: LeaseOptions & { readonly seconds: number }): Lease {
  const key = leaseKey(o.part)
  const lost = new AbortController()
  let looked = { at: o.elapsedMs(), wall: o.wall() }
  let renewedAt: EpochSeconds = looked.wall
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    const at = { at: o.elapsedMs(), wall: o.wall() }
    const current = await stored(store, key)
    if (!current || current.record.token !== token || current.record.holder === null)
      throw loseTo(current?.record)
    // A clock that was set back or forward renews as well.
    if (Math.abs(at.wall - renewedAt) * 3 >= o.seconds) {
      const record: LeaseRecord = { token, holder: o.holder, expires_at: at.wall + o.seconds }
      try {
        await store.put(key, textOf(record), { ifMatch: current.etag })
      } catch (error) {
        if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
        throw loseTo((await stored(store, key))?.record)
      }
      renewedAt = at.wall
    }
    looked = at
  }
  const loseTo = (record: LeaseRecord | undefined): LostLease => {
    const error = new LostLease(record)
    clearInterval(timer)
    lost.abort(error)
    return error
  }
  const lookMs = Math.min(LOOK_MS, (o.seconds * 1000) / 6)
  const check = async (): Promise<void> => {
    lost.signal.throwIfAborted()
    const isFresh = o.elapsedMs() - looked.at < lookMs && Math.abs(o.wall() - looked.wall) * 1000 <= LOOK_MS
    if (isFresh) return
    looking ??= look().finally(() => (looking = undefined))
    await looking
  }
  // While a long job writes nothing, somebody must renew it. What goes wrong here, the next write tells.
  const timer = setInterval(() => void check().catch(() => {}), (o.seconds * 1000) / 6)
  timer.unref()

  return {
    token,
    lost: lost.signal,
    check,
    async release() {
      clearInterval(timer)
      await looking?.catch(() => {})
      const current = await stored(store, key)
      if (current?.record.token !== token || current.record.holder === null) return
      const given: LeaseRecord = { token, holder: null, expires_at: o.wall() }
      await store.put(key, textOf(given), { ifMatch: current.etag }).catch((error: unknown) => {
        if (!isOperatorError(error, 'WRITE_CONFLICT')) throw error
      })
    },
  }
}

async function stored(store: ObjectStore, key: string): Promise<Stored | undefined> {
  const object = await store.get(key)
  if (object === undefined) return undefined
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(object.body))
  } catch {
    // Not JSON: judged with the rest below.
  }
  const parsed = leaseSchema.safeParse(json)
  if (!parsed.success)
    throw new OperatorError(
      'CORRUPT',
      `${key} is damaged`,
      'Make sure that no scheduler runs on this lake, then delete the file.',
    )
  return { record: parsed.data, etag: object.etag }
}

const textOf = (record: LeaseRecord): string => `${JSON.stringify(record, null, 2)}\n`
