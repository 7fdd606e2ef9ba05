import { z } from 'zod'
import type { Incident } from '../../core/contracts/incident.ts'
import { canonicalJson, sha256 } from '../../core/hash.ts'
import { HOUR_SECONDS, type EpochSeconds } from '../../core/time.ts'
import type { Platform } from '../../platform/ports.ts'
import { AROUND_SECONDS, readFacts, type FactsPlatform, type IncidentFacts } from './facts.ts'
import { endpointFigures, type NamedFigure } from './figures.ts'
import { incidentPrefix, requireIncident } from './incident-store.ts'
import { incidentMarkdown } from './markdown.ts'
import { incidentPage } from './page.ts'

/** What making a report needs of the platform. */
export type ReportPlatform = FactsPlatform

/** As of when, and the namespace of our own metrics. */
export interface ReportOptions {
  readonly now: EpochSeconds
  readonly namespace: string
}

/** The report of an incident. */
export interface IncidentReport {
  readonly facts: IncidentFacts
  readonly figures: readonly NamedFigure[]
  readonly markdown: string
  readonly html: string
}

/** The report as of `now`, as Markdown and as one HTML page that needs nothing else. NOT_FOUND without the incident. */
export async function renderIncident(
  platform: ReportPlatform,
  id: string,
  options: ReportOptions,
): Promise<IncidentReport> {
  const { incident } = await requireIncident(platform.store, id)
  return render(platform, incident, options)
}

async function render(
  platform: ReportPlatform,
  incident: Incident,
  options: ReportOptions,
): Promise<IncidentReport> {
  const facts = await readFacts(platform, incident, options)
  const figures = facts.endpoints.flatMap((endpoint) => endpointFigures(incident, endpoint))
  return {
    facts,
    figures,
    markdown: incidentMarkdown(facts, figures),
    html: incidentPage(facts, figures),
  }
}

/** The stamp of a report that was written whole: sha256 of the incident that it is of, and as of when. */
const stampSchema = z.strictObject({ of: z.string(), as_of: z.int() })
/** How old the report of an open incident may be, seconds. */
const FRESH_SECONDS = HOUR_SECONDS

/** Where the report of an incident is. */
export const reportKeys = (id: string): { readonly markdown: string; readonly html: string } => ({
  markdown: `${incidentPrefix(id)}report.md`,
  html: `${incidentPrefix(id)}report.html`,
})

/**
 * Writes the report when it is not there, not of what the incident says now, or older than an hour while the incident is open
 * (`fresh`: older than `now`). That of one that was closed long ago stays as it is: metrics are not kept for ever.
 */
export async function keepReport(
  platform: Pick<Platform, 'store'> & ReportPlatform,
  id: string,
  options: ReportOptions & { readonly fresh?: boolean },
): Promise<void> {
  const { store } = platform
  const { incident } = await requireIncident(store, id)
  const of = sha256(canonicalJson(incident))
  const stamp = await readStamp(store, id)
  if (stamp?.of === of && stamp.as_of >= oldestAllowed(incident, options)) return
  const { figures, markdown, html } = await render(platform, incident, options)
  for (const { file, svg } of figures)
    if (svg !== null) await store.put(`${incidentPrefix(id)}graphs/${file}`, svg)
  const keys = reportKeys(id)
  await store.put(keys.markdown, markdown)
  await store.put(keys.html, html)
  await store.put(stampKey(id), `${JSON.stringify({ of, as_of: options.now })}\n`)
}

/** As of when a report must be at least. */
function oldestAllowed(
  { closed }: Incident,
  { now, fresh }: ReportOptions & { readonly fresh?: boolean },
): EpochSeconds {
  const oldest = fresh === true ? now : now - FRESH_SECONDS
  return closed ? Math.min(oldest, closed.at + AROUND_SECONDS) : oldest
}

const stampKey = (id: string): string => `${incidentPrefix(id)}report.json`

async function readStamp(
  store: Platform['store'],
  id: string,
): Promise<z.infer<typeof stampSchema> | undefined> {
  const object = await store.get(stampKey(id))
  if (!object) return undefined
  try {
    return stampSchema.parse(JSON.parse(new TextDecoder().decode(object.body)))
  } catch {
    // A stamp that cannot be read is none: the report is made again.
    return undefined
  }
}
