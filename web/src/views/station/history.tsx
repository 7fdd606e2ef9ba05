import { useCallback, useContext, useMemo, type ReactElement } from 'react'
import type { PastPrediction, StationView } from '../../../../src/core/contracts/api/station.ts'
import { useViewState } from '../../state/view-state.ts'
import { stationTexts } from '../../text/station.ts'
import { useFormat, ZoneContext } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { Downloads } from '../../ui/downloads.tsx'
import { PALETTES } from '../../ui/palette.ts'
import { Panel } from '../../ui/panel.tsx'
import { Plot } from '../../ui/plot.tsx'
import { useReducedMotion, useTheme } from '../../ui/use-theme.ts'
import { historyOption, MARKS, type HistoryNames } from './history-option.ts'
import { countVerdicts, HORIZON_SECONDS, verdictOf } from './judged.ts'
import { MarkSign } from './mark-sign.tsx'

/** A day of a station: what it had, what was said of it, and what came of that. */
export function History({ view }: { readonly view: StationView }): ReactElement {
  const t = useText(stationTexts)
  const format = useFormat()
  const timezone = useContext(ZoneContext)
  const palette = PALETTES[useTheme()]
  const reducedMotion = useReducedMotion()
  const [{ target, at, stage }] = useViewState()
  const names = useMemo<HistoryNames>(
    () => ({
      line: { bikes: t('line_bikes'), docks: t('line_docks') },
      mark: { hit: t('hit'), miss: t('miss'), false_alarm: t('false_alarm'), pending: t('pending') },
      level: t('level'),
    }),
    [t],
  )
  const option = useCallback(
    (width: number) =>
      historyOption(view, target, names, { palette, format, timezone, reducedMotion, width }),
    [view, target, names, palette, format, timezone, reducedMotion],
  )
  const values = view.history.flatMap((slot) => (slot[target] === null ? [] : [slot[target]]))
  const newest = values.at(-1)
  const past = view.past[target]
  const counts = countVerdicts(past)
  const params = { city: view.as_of.city, station_id: view.station_id }
  return (
    <Panel
      title={t('history')}
      level={3}
      actions={<Downloads name="station" params={params} query={{ at, stage }} what={t('data')} />}
    >
      {newest === undefined ? (
        <p className="empty">{t('historyNone')}</p>
      ) : (
        <Plot
          height={190}
          option={option}
          summary={t('historySummary', {
            what: names.line[target],
            now: newest,
            low: Math.min(...values),
            high: Math.max(...values),
            unknown: view.history.length - values.length,
            slots: view.history.length,
          })}
        />
      )}
      {past.length === 0 ? (
        <p className="note">{t('pastNone')}</p>
      ) : (
        <>
          <p className="note">{t('pastNote', { count: past.length })}</p>
          <ul className="legend">
            {MARKS.map((mark) => (
              <li key={mark}>
                <MarkSign mark={mark} /> {names.mark[mark]} <b>{format.number(counts[mark])}</b>
              </li>
            ))}
            <li>
              {t('quiet')} <b>{format.number(counts.quiet)}</b>
            </li>
          </ul>
          <PastTable past={past} names={names} />
        </>
      )}
    </Panel>
  )
}

function PastTable({
  past,
  names,
}: {
  readonly past: readonly PastPrediction[]
  readonly names: HistoryNames
}): ReactElement | null {
  const t = useText(stationTexts)
  const format = useFormat()
  const rows = past
    .flatMap((prediction) => {
      const verdict = MARKS.find((mark) => mark === verdictOf(prediction))
      return verdict === undefined ? [] : [{ ...prediction, verdict }]
    })
    .toReversed()
  if (rows.length === 0) return null
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    {
      key: 'time',
      header: `${t('pastTime')} (${format.zone(rows[0]?.slot)})`,
      rowHeader: true,
      cell: ({ slot }) => format.dateTime(slot + HORIZON_SECONDS),
      sortValue: ({ slot }) => slot,
    },
    {
      key: 'score',
      header: t('pastSaid'),
      numeric: true,
      cell: ({ score }) => format.score(score),
      sortValue: ({ score }) => score,
    },
    {
      key: 'count',
      header: t('pastCount'),
      numeric: true,
      cell: ({ count_then: then }) => format.number(then),
      sortValue: ({ count_then: then }) => then,
    },
    {
      key: 'verdict',
      header: t('pastVerdict'),
      cell: ({ verdict }) => (
        <span className="with-sign">
          <MarkSign mark={verdict} /> {names.mark[verdict]}
        </span>
      ),
      sortValue: ({ verdict }) => verdict,
    },
  ]
  return (
    <details>
      <summary>{t('pastTable')}</summary>
      <DataTable
        caption={t('pastTable')}
        hideCaption
        rows={rows}
        columns={columns}
        rowKey={({ slot }) => String(slot)}
        pageSize={12}
      />
    </details>
  )
}
