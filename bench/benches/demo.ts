import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { setInterval } from 'node:timers/promises'
import type { DemoFigures } from '../../src/app/demo/options.ts'
import type { BenchContext, Measurement } from '../harness/bench.ts'

const CLI = resolve(import.meta.dirname, '../../bin/bikeshare.js')

/** The demo on its simulated city, by the built command line: everything from the first trip to the last score. */
export async function benchDemo({ folder }: BenchContext): Promise<Measurement> {
  const child = spawn(process.execPath, [CLI, 'demo', '--headless', '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const watching = new AbortController()
  const peak = watchMemory(child.pid ?? 0, watching.signal)
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  watching.abort()
  if (code !== 0) throw new Error(`the demo ended with ${code}`)
  const figures = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as DemoFigures
  const { bikes, docks } = figures.targets
  return {
    rows: bikes.train_rows + docks.train_rows,
    row_unit: 'training rows of both models',
    seconds: figures.seconds,
    peak_rss_mb: Math.max(figures.peak_rss_mb, await peak),
    baseline: null,
    baseline_seconds: null,
    figures: {
      stations: figures.stations,
      batches: figures.batches,
      p95_ms: figures.predict_p95_ms,
      onset_pr_auc_bikes: bikes.onset_pr_auc ?? 0,
      onset_pr_auc_docks: docks.onset_pr_auc ?? 0,
    },
  }
}

/** Most memory in MB that a process and its children held at once, looked at five times a second; 0 without /proc. */
async function watchMemory(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0
  try {
    for await (const _ of setInterval(200, undefined, { signal })) peak = Math.max(peak, await treeRssMb(pid))
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return peak
}

async function treeRssMb(root: number): Promise<number> {
  const processes = await readdir('/proc').catch(() => [])
  const parents = new Map<number, number>()
  const memory = new Map<number, number>()
  for (const name of processes.filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    const field = (key: string): number =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    parents.set(Number(name), field('PPid'))
    memory.set(Number(name), field('VmRSS') / 1024)
  }
  const inTree = (pid: number): boolean => pid === root || (parents.has(pid) && inTree(parents.get(pid) ?? 0))
  return [...memory].reduce((total, [pid, mb]) => total + (inTree(pid) ? mb : 0), 0)
}
