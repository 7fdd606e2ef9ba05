import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Timeline } from '../../../core/contracts/api/city.ts'
import type { Session } from '../../../core/contracts/api/session.ts'
import { ROUTE_PATHS } from '../../../core/contracts/api/route-paths.ts'
import { ROUTES } from '../../../core/contracts/api/routes.ts'
import { snapshotPath } from '../../../core/contracts/api/snapshot-path.ts'
import type { Config } from '../../../core/config/schema.ts'
import { isOperatorError, OperatorError } from '../../../core/errors.ts'
import type { Reporter } from '../../../core/report.ts'
import type { Clock } from '../../../core/time.ts'
import type { Visitor } from '../access/visitor.ts'
import type { ShownCity } from '../city-source.ts'
import { answering } from '../routes/answer.ts'
import type { Asked, PlainRoute } from '../routes/asked.ts'
import { readAnswers } from '../routes/city-answers.ts'
import { readPlanAnswers } from '../routes/read-plan-answers.ts'
import { checkTarget, putInPlace } from './folder.ts'
import { keepCity, lastHours, pathOf, type Extent, type Wanted } from './wanted.ts'

export interface ExportOptions extends Extent {
  readonly cities: readonly ShownCity[]
  readonly config: Config
  readonly webRoot: string
  readonly version: string
  readonly wall: Clock
  readonly report: Reporter
}

/** A snapshot that was written. */
export interface WrittenSnapshot {
  readonly folder: string
  readonly answers: number
  readonly bytes: number
}

/** Names of files that every disk takes. */
const LONGEST_NAME = 200
const SNAPSHOT: Visitor = { access: 'viewer', name: null, city: null, lapsed: null }

/**
 * Writes a folder that any web host serves: the built pages, and the answers that they ask for as files (`snapshotPath`)
 * below data/. It appears whole, in place of the one before; the same lake and moment give the same files. USAGE when the
 * folder holds something else, NOT_FOUND when the pages are not built.
 */
export async function exportSnapshot(folder: string, o: ExportOptions): Promise<WrittenSnapshot> {
  const target = resolve(folder)
  await checkTarget(target)
  await mkdir(dirname(target), { recursive: true })
  const made = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
  const written = { answers: 0, bytes: 0 }
  const there = new Set<string>()
  await putInPlace(made, target, async () => {
    await copyPages(o.webRoot, made)
    const write = async (path: string, query: Record<string, string>, answer: unknown): Promise<void> => {
      const file = join(made, 'data', snapshotPath(path, query))
      if (basename(file).length > LONGEST_NAME)
        return o.report.warn(`left out, since its name is too long: ${path}`)
      // Stages share some.
      if (there.has(file)) return undefined
      there.add(file)
      const text = JSON.stringify(answer)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
      written.answers += 1
      written.bytes += Buffer.byteLength(text)
    }
    await write(ROUTE_PATHS.session.path, {}, sessionOf(o))
    const answer = answering(
      { ...readAnswers(o.cities, o.wall), ...readPlanAnswers(o.cities) },
      { publicMode: o.publicMode, check: false, config: o.config },
    )
    const keep = async ({ name, params, query }: Wanted): Promise<unknown> => {
      const asked = askedOf(name, params, query, o.stations)
      const path = pathOf(ROUTE_PATHS[name].path, params)
      try {
        const full = await answer(name, asked)
        const kept = name === 'timeline' ? shortened(full as Timeline, o.hours) : full
        await write(path, query, kept)
        return kept
      } catch (error) {
        // A file that is not there is what a server answers with 404: what the lake does not hold.
        if (name === 'why' && isOperatorError(error)) return undefined
        throw error
      }
    }
    await keep({ name: 'cities', params: {}, query: {} })
    const progress = o.report.start('writing the snapshot', o.cities.length)
    for (const [i, city] of o.cities.entries()) {
      const shown = await city.source().catch(() => undefined)
      if (shown) await keepCity(city.name, o, keep)
      else o.report.warn(`${city.name} is left out: its lake cannot be read`)
      progress.update(i + 1, city.name)
    }
    progress.end(`${written.answers} answers`)
  })
  return { folder: target, ...written }
}

function sessionOf({ publicMode, config, version }: ExportOptions): Session {
  return {
    access: publicMode ? 'public' : 'viewer',
    name: null,
    city: null,
    public_mode: publicMode,
    snapshot: true,
    tile_url: config.dashboard.tile_url ?? null,
    tile_attribution: config.dashboard.tile_attribution ?? null,
    version,
  }
}

/** The page of a snapshot says that it is one: it then asks for files. */
async function copyPages(webRoot: string, folder: string): Promise<void> {
  const page = await readFile(join(webRoot, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new OperatorError('NOT_FOUND', 'the pages are not built', 'Run `npm run build` first.', error)
  })
  const source = /<meta name="bikeshare-source" content="server"\s*\/?>/
  if (!source.test(page))
    throw new OperatorError('MISMATCH', 'the pages are of another version', 'Run `npm run build` again.')
  await cp(webRoot, folder, { recursive: true })
  await writeFile(
    join(folder, 'index.html'),
    page.replace(source, '<meta name="bikeshare-source" content="snapshot" />'),
  )
}

/** Only what the snapshot holds can be gone to. */
function shortened(timeline: Timeline, hours: number): Timeline {
  return { ...timeline, batches: lastHours(timeline.batches, timeline.as_of.at, hours) }
}

function askedOf(
  name: PlainRoute,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
  stations: number,
) {
  const full = ROUTES[name].query.parse(
    name === 'top' ? { ...query, n: `${Math.min(500, Math.max(1, stations))}` } : query,
  )
  return {
    params,
    query: full,
    body: undefined,
    visitor: SNAPSHOT,
    ifMatch: undefined,
    ifNoneMatch: undefined,
    gone: new AbortController().signal,
  } as unknown as Asked<PlainRoute>
}
