import type { FeatureCollection } from 'geojson'
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl'
import type { Target } from '../../../../../src/core/contracts/features.ts'
import { RISK_CLASSES } from '../station-risk.ts'
import { MAP_COLOURS } from './map-colours.ts'

export interface MapLook {
  readonly theme: 'light' | 'dark'
  readonly target: Target
  /** Template of tiles, when one is configured. */
  readonly tileUrl: string | null
  readonly tileAttribution: string | null
  /** How many stations the city has. */
  readonly stations: number
}

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] }
/** Closer than this every station is drawn by itself. */
const CLUSTERS_UNTIL = 12
/** Closer than this the area that is served is no shape any more, but bubbles. */
const AREA_UNTIL = 13
/** Pixels within which stations are drawn as one: a small city is shown whole, a large one is thinned out. */
const CLUSTER_RADIUS = { few: 5, many: 30 } as const
const MANY_STATIONS = 700

/** Image of a single station: theme, then what its row says. */
export function stationIcon(theme: MapLook['theme']): ExpressionSpecification {
  return ['concat', `${theme}|`, ['get', 'icon']]
}

/** Image of a cluster: the worst class within, and how many they are. */
export function clusterIcon({ theme, target }: Pick<MapLook, 'theme' | 'target'>): ExpressionSpecification {
  const worst = ['at', ['get', 'worst'], ['literal', [...RISK_CLASSES]]] as unknown as ExpressionSpecification
  return [
    'concat',
    `${theme}|cluster|`,
    worst,
    `|${target}|`,
    ['to-string', ['get', 'point_count_abbreviated']],
  ]
}

export function mapStyle(look: MapLook): StyleSpecification {
  return { version: 8, sources: sources(look), layers: layers(look) }
}

function sources({ tileUrl, tileAttribution, stations }: MapLook): Record<string, SourceSpecification> {
  return {
    land: { type: 'geojson', data: NOTHING, attribution: 'Natural Earth' },
    ...(tileUrl === null
      ? {}
      : {
          tiles: {
            type: 'raster' as const,
            tiles: [tileUrl],
            tileSize: 256,
            ...(tileAttribution === null ? {} : { attribution: escapeMarkup(tileAttribution) }),
          },
        }),
    area: { type: 'geojson', data: NOTHING },
    stations: {
      type: 'geojson',
      data: NOTHING,
      cluster: true,
      clusterMaxZoom: CLUSTERS_UNTIL,
      clusterRadius: stations > MANY_STATIONS ? CLUSTER_RADIUS.many : CLUSTER_RADIUS.few,
      clusterProperties: { worst: ['max', ['get', 'rank']] },
    },
    chosen: { type: 'geojson', data: NOTHING },
  }
}

function layers(look: MapLook): LayerSpecification[] {
  const { theme, tileUrl, target } = look
  const colours = MAP_COLOURS[theme]
  const always = { 'icon-allow-overlap': true, 'icon-ignore-placement': true } as const
  return [
    { id: 'water', type: 'background', paint: { 'background-color': colours.water } },
    {
      id: 'land',
      type: 'fill',
      source: 'land',
      filter: ['==', ['get', 'kind'], 'land'],
      paint: { 'fill-color': colours.land, 'fill-antialias': false },
    },
    {
      id: 'border',
      type: 'line',
      source: 'land',
      filter: ['==', ['get', 'kind'], 'border'],
      paint: { 'line-color': colours.border, 'line-width': 1.2, 'line-dasharray': [4, 2] },
    },
    {
      // About half a kilometre around each station: together the area that the city's bikes serve.
      id: 'area',
      type: 'circle',
      maxzoom: AREA_UNTIL,
      source: 'area',
      paint: {
        'circle-color': [
          'interpolate',
          ['linear'],
          ['zoom'],
          AREA_UNTIL - 1.5,
          colours.area,
          AREA_UNTIL - 0.5,
          colours.land,
        ],
        'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 8, 1.7, 14, 110],
        'circle-pitch-alignment': 'map',
      },
    },
    ...(tileUrl === null ? [] : [{ id: 'tiles', type: 'raster', source: 'tiles' } as const]),
    {
      id: 'stations',
      type: 'symbol',
      source: 'stations',
      filter: ['!', ['has', 'point_count']],
      layout: {
        ...always,
        'icon-image': stationIcon(theme),
        'symbol-sort-key': ['get', 'rank'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 14, 1.15, 17, 1.6],
      },
    },
    {
      id: 'clusters',
      type: 'symbol',
      source: 'stations',
      filter: ['has', 'point_count'],
      layout: {
        ...always,
        'icon-image': clusterIcon({ theme, target }),
        'symbol-sort-key': ['get', 'worst'],
      },
    },
    {
      id: 'chosen',
      type: 'symbol',
      source: 'chosen',
      layout: { ...always, 'icon-image': `${theme}|chosen|ok|bikes|` },
    },
  ]
}

/** MapLibre takes an attribution as HTML; ours is text. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
