import type { Target } from '../../../../src/core/contracts/features.ts'
import type { cityTexts } from '../../text/city.ts'
import type { Translate } from '../../text/define.ts'
import type { Format } from '../../text/format.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Name } from '../../ui/name.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { RISK_CLASSES } from '../city/station-risk.ts'
import type { StationRow } from '../city/station-rows.ts'
import { StationShape } from '../city/station-shape.tsx'

type CityText = Translate<(typeof cityTexts)['en']>

/** Columns of the table of stations: what the map shows by shape, place and colour, in words and figures. */
export function stationColumns(t: CityText, format: Format, target: Target): Column<StationRow>[] {
  return [
    {
      key: 'name',
      header: t('station'),
      rowHeader: true,
      cell: ({ id, name }) => (
        <ViewLink to={{ station: id }}>
          <Name>{name}</Name>
        </ViewLink>
      ),
      sortValue: ({ name }) => name,
    },
    {
      key: 'state',
      header: t('state'),
      cell: (row) => (
        <span className="with-shape">
          <StationShape risk={row.risk} target={target} level={row.level} /> {stateWords(row, t, target)}
        </span>
      ),
      sortValue: ({ risk, score }) => RISK_CLASSES.indexOf(risk) + (score ?? 0) / 2,
    },
    numberColumn('bikes', t('bikes'), ({ bikes }) => bikes, format),
    numberColumn('docks', t('docks'), ({ docks }) => docks, format),
    numberColumn('capacity', t('capacity'), ({ capacity }) => capacity, format),
    {
      key: 'score',
      header: t('score'),
      numeric: true,
      cell: ({ score }) => format.score(score),
      sortValue: ({ score }) => score,
    },
  ]
}

function stateWords({ risk, condition }: StationRow, t: CityText, target: Target): string {
  if (risk === 'closed') return t(`condition_${condition}`)
  return risk === 'unknown' ? t('class_unknown') : t(`class_${risk}_${target}`)
}

function numberColumn(
  key: string,
  header: string,
  value: (row: StationRow) => number | null,
  format: Format,
): Column<StationRow> {
  return { key, header, numeric: true, cell: (row) => format.number(value(row)), sortValue: value }
}
