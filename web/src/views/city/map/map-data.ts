import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Target } from '../../../../../src/core/contracts/features.ts'
import { RISK_CLASSES } from '../station-risk.ts'
import type { StationRow } from '../station-rows.ts'

/** What the map knows of a station: the number of its row, how it is drawn, and how much it matters (higher is above). */
export interface StationProperties {
  readonly row: number
  readonly icon: string
  readonly rank: number
}

/** Rows as points. `row` is the place in `rows`. */
export function stationPoints(
  rows: readonly StationRow[],
  target: Target,
): FeatureCollection<Point, StationProperties> {
  return { type: 'FeatureCollection', features: rows.map((row, index) => point(row, index, target)) }
}

function point(row: StationRow, index: number, target: Target): Feature<Point, StationProperties> {
  return {
    type: 'Feature',
    properties: {
      row: index,
      icon: `station|${row.risk}|${target}|${row.level}`,
      rank: RISK_CLASSES.indexOf(row.risk),
    },
    geometry: { type: 'Point', coordinates: [row.lon, row.lat] },
  }
}

/** Where stations stand, alone. */
export function stationPlaces(rows: readonly StationRow[]): FeatureCollection<Point> {
  return {
    type: 'FeatureCollection',
    features: rows.map(({ lat, lon }) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  }
}

/** The chosen station alone: a ring around it. */
export function chosenPoint(row: StationRow | undefined): FeatureCollection<Point> {
  const features: Feature<Point>[] =
    row === undefined
      ? []
      : [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [row.lon, row.lat] } }]
  return { type: 'FeatureCollection', features }
}
