import type { QualityRow } from '../../../core/contracts/quality.ts'
import { sha256 } from '../../../core/hash.ts'
import { dtOf, type EpochSeconds } from '../../../core/time.ts'
import type { Block } from './block.ts'
import { figuresOf } from './figures.ts'
import type { HourMemo } from './hour-memo.ts'
import { type GroupBounds, groupOf, groupRange, STATION_GROUPS } from './station-groups.ts'

/** The 24 hours of one endpoint. */
export interface EndpointWindow {
  readonly city: string
  readonly endpoint: string
  readonly at: EpochSeconds
  /** Blocks due in `(at - 24 h, at]`. */
  readonly blocks: readonly Block[]
  readonly bounds: GroupBounds | null
  readonly timezone: string
}

/** What the figures of a window are made of, as a short text. */
export function windowDigest({ blocks, bounds }: EndpointWindow): string {
  const lines = blocks.map(({ slot, digest }) => `${slot} ${digest}`)
  return sha256([...lines, JSON.stringify(bounds)].join('\n')).slice(0, 16)
}

/** Every row of a window's partition, in order: all, variants, versions, hours, station groups, what was set aside. */
export function windowRows(window: EndpointWindow, revision: number, memo: HourMemo): QualityRow[] {
  const { city, endpoint, at, blocks, bounds } = window
  const target = blocks.at(-1)?.target ?? 'bikes'
  const same = { city, endpoint, target, ends_at: at, dt: dtOf(at), revision, digest: windowDigest(window) }
  const anySize = { capacity_min: null, capacity_max: null }
  const all = figuresOf(blocks)
  const versions = distinct(blocks, ({ versions }) => versions)
  const variants = distinct(blocks, ({ variants }) => variants)
  const only = versions.length === 1 ? (versions[0] ?? null) : null
  const rows: QualityRow[] = [{ ...same, kind: 'all', name: '', model_version: only, ...anySize, ...all }]
  for (const name of variants) {
    const made =
      only === null
        ? distinct(blocks, (block) => block.versions.filter((_, i) => block.variants[i] === name))
        : [only]
    const figures = variants.length === 1 ? all : figuresOf(blocks, (block, i) => block.variants[i] === name)
    rows.push({
      ...same,
      kind: 'variant',
      name,
      model_version: made.length === 1 ? (made[0] ?? null) : null,
      ...anySize,
      ...figures,
    })
  }
  for (const name of versions) {
    const figures = versions.length === 1 ? all : figuresOf(blocks, (block, i) => block.versions[i] === name)
    rows.push({ ...same, kind: 'version', name, model_version: name, ...anySize, ...figures })
  }
  for (const [name, hours] of byHour(window, memo)) {
    const figures = memo.figures(endpoint, name, hours)
    rows.push({ ...same, kind: 'hour', name, model_version: null, ...anySize, ...figures })
  }
  for (const name of STATION_GROUPS) {
    const figures = figuresOf(blocks, ({ capacities }, i) => groupOf(capacities[i] ?? -1, bounds) === name)
    if (figures.samples + figures.unlabelled === 0) continue
    rows.push({ ...same, kind: 'group', name, model_version: null, ...groupRange(name, bounds), ...figures })
  }
  for (const [name, count] of asideOf(blocks))
    rows.push({
      ...same,
      kind: 'set_aside',
      name,
      model_version: null,
      ...anySize,
      ...figuresOf([]),
      unlabelled: count,
    })
  return rows
}

function distinct(blocks: readonly Block[], of: (block: Block) => readonly string[]): string[] {
  const found = new Set<string>()
  for (const block of blocks) for (const name of of(block)) found.add(name)
  return [...found].sort()
}

function byHour({ blocks, timezone }: EndpointWindow, memo: HourMemo): [string, Block[]][] {
  const hours = new Map<string, Block[]>()
  for (const block of blocks) {
    const hour = memo.hourOf(timezone, block.slot)
    const held = hours.get(hour)
    if (held) held.push(block)
    else hours.set(hour, [block])
  }
  return [...hours].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Rows that were set aside by reason, in order. */
export function asideOf(blocks: readonly Block[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { aside } of blocks)
    for (const [reason, count] of Object.entries(aside)) counts.set(reason, (counts.get(reason) ?? 0) + count)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
