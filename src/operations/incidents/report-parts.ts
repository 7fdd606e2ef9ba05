import { isoOf } from '../../core/time.ts'
import { textOfKind, refreshRows, refreshWords } from './incident-words.ts'
import type { IncidentFacts } from './facts.ts'
import { servedWords } from './served-words.ts'

/** A table of plain text. */
export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly none: string
}

/** A section of the report, in plain text. */
export interface Section {
  readonly title: string
  readonly words: readonly string[]
  readonly tables: readonly Table[]
}

/** What the report says, before it is Markdown or HTML. All of it is text that somebody else may have written. */
export interface ReportParts {
  readonly kicker: string
  readonly verdict: string
  readonly closed: boolean
  readonly sections: readonly Section[]
}

/** The text of an incident's report. */
export function partsOf(facts: IncidentFacts): ReportParts {
  const { incident } = facts
  const { closed } = incident
  return {
    kicker: `${incident.id} · ${textOfKind(incident.kind)} · ${incident.city}`,
    verdict: closed
      ? `Closed at ${isoOf(closed.at)} by ${closed.by}. Cause: ${closed.cause}`
      : `Open since ${isoOf(incident.opened_at)}. No cause is recorded yet.`,
    closed: closed !== null,
    sections: [about(facts), served(facts), ...baselines(facts), timeline(facts), alarms(facts), run(facts)],
  }
}

function about({ incident, span, release }: IncidentFacts): Section {
  const words = [
    incident.why,
    `It began at ${isoOf(incident.began)} and was opened at ${isoOf(incident.opened_at)} by ${incident.by}; shown is ${isoOf(span.from)} to ${isoOf(span.to)}.`,
    ...(release
      ? [
          `Release ${release.id}: ${release.kind} by ${release.by}, ${release.strategy.type}, ended ${release.phase}.`,
        ]
      : []),
  ]
  return { title: 'What it is', words: words.filter((word) => word !== ''), tables: [] }
}

function served({ endpoints, history_problems }: IncidentFacts): Section {
  const rows = endpoints.map((one) => [
    one.endpoint,
    servedWords(one.at_beginning),
    servedWords(one.at_opening),
    servedWords(one.now),
    one.now?.endpoint_config ?? '–',
  ])
  const words =
    history_problems.length === 0
      ? ['By the history, whose lines are as they were written.']
      : [`By the history, which is not as it was written: ${history_problems.join('; ')}.`]
  const head = ['Endpoint', 'When it began', 'At opening', 'Now', 'Endpoint config now']
  return {
    title: 'What served',
    words,
    tables: [{ caption: 'Model versions that served', head, rows, none: 'No endpoint.' }],
  }
}

function baselines({ incident }: IncidentFacts): Section[] {
  if (!incident.refresh) return []
  return [
    {
      title: 'Baselines',
      words: [refreshWords(incident.refresh)],
      tables: [
        {
          caption: 'Baselines that were made anew',
          head: ['Endpoint', 'Model that serves', 'Baseline', 'Outcome'],
          rows: refreshRows(incident.refresh),
          none: 'Nothing served before: there is no baseline to refresh.',
        },
      ],
    },
  ]
}

function timeline({ timeline: moments }: IncidentFacts): Section {
  const rows = moments.map(({ at, source, what }) => [isoOf(at), source, what])
  const caption = 'Put together from releases, history, alarms and notes'
  return {
    title: 'Timeline',
    words: [],
    tables: [{ caption, head: ['At', 'From', 'What'], rows, none: 'Nothing is recorded.' }],
  }
}

function alarms({ alarms: items }: IncidentFacts): Section {
  const rows = items.map(({ Timestamp, AlarmName, HistoryItemType, HistorySummary }) => [
    isoOf(Timestamp),
    AlarmName,
    HistoryItemType === 'Action' ? 'action' : 'state',
    HistorySummary,
  ])
  return {
    title: 'Alarms',
    words: [],
    tables: [
      {
        caption: 'State changes and actions of the endpoints’ alarms',
        head: ['At', 'Alarm', 'What', 'Summary'],
        rows,
        none: 'No alarm of these endpoints changed its state.',
      },
    ],
  }
}

function run({ commands, incident }: IncidentFacts): Section {
  const notes = incident.notes.map(({ at, by, text }) => [isoOf(at), by, text])
  return {
    title: 'Commands and notes',
    words: [],
    tables: [
      {
        caption: 'What was run, by the records of releases and history',
        head: ['At', 'By', 'Command or call'],
        rows: commands.map(({ at, by, line }) => [isoOf(at), by, line]),
        none: 'Nothing was run on these endpoints.',
      },
      { caption: 'Notes', head: ['At', 'By', 'Note'], rows: notes, none: 'No note.' },
    ],
  }
}
