import type { GeoJSONSource, Map as MapLibre, MapLayerMouseEvent } from 'maplibre-gl'
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { Target } from '../../../../../src/core/contracts/features.ts'
import { cityTexts } from '../../../text/city.ts'
import { useText } from '../../../text/use-text.ts'
import { useReducedMotion, useTheme } from '../../../ui/use-theme.ts'
import type { StationRow } from '../station-rows.ts'
import { roomyBoundsOf, type Bounds } from './bounds.ts'
import { createMap } from './create-map.ts'
import { loadLand } from './land.ts'
import { chosenPoint, stationPlaces, stationPoints, type StationProperties } from './map-data.ts'
import { mapStyle } from './map-style.ts'
import { MapTip, type Tip } from './map-tip.tsx'

export interface CityMapProps {
  readonly bounds: Bounds
  /** What is drawn, and every station of the city: the area that they serve stays while a filter is on. */
  readonly rows: readonly StationRow[]
  readonly all: readonly StationRow[]
  /** How many stations the city has. */
  readonly count: number
  readonly target: Target
  readonly chosen: StationRow | undefined
  readonly tileUrl: string | null
  readonly tileAttribution: string | null
  readonly onChoose: (id: string) => void
}

/** The city's stations on a map. It is made once; what changes goes into its sources. */
export function CityMap(props: CityMapProps): ReactElement {
  const { bounds, rows, all, count, target, chosen, tileUrl, tileAttribution, onChoose } = props
  const t = useText(cityTexts)
  const theme = useTheme()
  const reducedMotion = useReducedMotion()
  const place = useRef<HTMLDivElement>(null)
  const map = useRef<MapLibre>(undefined)
  const look = useMemo(
    () => ({ theme, target, tileUrl, tileAttribution, stations: count }),
    [theme, target, tileUrl, tileAttribution, count],
  )
  const latest = useRef({ rows, onChoose, reducedMotion })
  const [isReady, setReady] = useState(false)
  const [isDrawn, setDrawn] = useState(false)
  const [isBroken, setBroken] = useState(false)
  const [tip, setTip] = useState<Tip>()
  useEffect(() => {
    latest.current = { rows, onChoose, reducedMotion }
  })

  useEffect(() => {
    if (place.current === null) return undefined
    let made: MapLibre
    try {
      const texts = { title: t('mapTitle'), zoomIn: t('zoomIn'), zoomOut: t('zoomOut') }
      made = createMap(place.current, bounds, look, texts)
    } catch {
      setBroken(true)
      return undefined
    }
    map.current = made
    made.once('style.load', () => {
      setReady(true)
    })
    const rowOf = (event: MapLayerMouseEvent) => {
      const properties = event.features?.[0]?.properties as StationProperties | undefined
      return properties === undefined ? undefined : latest.current.rows[properties.row]
    }
    made.on('click', 'stations', (event) => {
      const row = rowOf(event)
      if (row !== undefined) latest.current.onChoose(row.id)
    })
    made.on('click', 'clusters', (event) => {
      void openCluster(made, event, latest.current.reducedMotion)
    })
    made.on('mousemove', 'stations', (event) => {
      made.getCanvas().style.cursor = 'pointer'
      const row = rowOf(event)
      setTip(row === undefined ? undefined : { row, x: event.point.x, y: event.point.y })
    })
    made.on('mouseleave', 'stations', () => {
      made.getCanvas().style.cursor = ''
      setTip(undefined)
    })
    made.on('mouseenter', 'clusters', () => {
      made.getCanvas().style.cursor = 'pointer'
    })
    made.on('mouseleave', 'clusters', () => {
      made.getCanvas().style.cursor = ''
    })
    return () => {
      map.current = undefined
      setReady(false)
      setDrawn(false)
      made.remove()
    }
    // The map is of a city; what else changes is brought in below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [bounds.join(' '), tileUrl])

  useEffect(() => {
    if (!isReady || map.current === undefined) return
    void source(map.current, 'stations')?.setData(stationPoints(rows, target))
    if (rows.length > 0)
      map.current.once('idle', () => {
        setDrawn(true)
      })
  }, [rows, target, isReady])
  // What lies under the stations comes when they are there.
  useEffect(() => {
    if (isDrawn && map.current !== undefined) void source(map.current, 'area')?.setData(stationPlaces(all))
  }, [all, isDrawn])
  useEffect(() => {
    const made = map.current
    if (isDrawn && made !== undefined) void showLand(made, bounds)
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [bounds.join(' '), isDrawn])
  useEffect(() => {
    if (isReady && map.current !== undefined) restyle(map.current, look)
  }, [look, isReady])
  useEffect(() => {
    if (!isReady || map.current === undefined) return
    void source(map.current, 'chosen')?.setData(chosenPoint(chosen))
    if (chosen !== undefined) showChosen(map.current, chosen, latest.current.reducedMotion)
    // A station that is chosen is brought into view once, not at every new state.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen?.id, isReady])

  if (isBroken) return <p className="empty">{t('mapFailed')}</p>
  return (
    <div className="map" data-ready={isDrawn}>
      <div ref={place} className="map-place" />
      <button
        type="button"
        className="button map-reset"
        onClick={() => {
          map.current?.fitBounds(roomyBoundsOf(bounds), { padding: 36, animate: !reducedMotion })
        }}
      >
        {t('resetView')}
      </button>
      {tip !== undefined && <MapTip tip={tip} />}
    </div>
  )
}

async function showLand(map: MapLibre, bounds: Bounds): Promise<void> {
  const features = await loadLand(bounds)
  // The map may have gone meanwhile.
  if (map.getCanvas().isConnected) await source(map, 'land')?.setData({ type: 'FeatureCollection', features })
}

function source(map: MapLibre, id: string): GeoJSONSource | undefined {
  return map.getSource<GeoJSONSource>(id)
}

/** Colours and images of another theme or target, in the layers that are there: the sources stay. */
function restyle(map: MapLibre, look: Parameters<typeof mapStyle>[0]): void {
  for (const layer of mapStyle(look).layers) {
    if (map.getLayer(layer.id) === undefined) continue
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name as Parameters<MapLibre['setPaintProperty']>[1], value)
    if (layer.type === 'symbol') map.setLayoutProperty(layer.id, 'icon-image', layer.layout?.['icon-image'])
  }
}

async function openCluster(map: MapLibre, event: MapLayerMouseEvent, reducedMotion: boolean): Promise<void> {
  const feature = event.features?.[0]
  if (feature?.geometry.type !== 'Point') return
  const [lon = 0, lat = 0] = feature.geometry.coordinates
  const zoom = await source(map, 'stations')?.getClusterExpansionZoom(
    Number(feature.properties['cluster_id']),
  )
  map.easeTo({ center: [lon, lat], zoom: (zoom ?? map.getZoom() + 1) + 0.2, animate: !reducedMotion })
}

function showChosen(map: MapLibre, { lon, lat }: StationRow, reducedMotion: boolean): void {
  if (map.getZoom() >= 12.5 && map.getBounds().contains([lon, lat])) return
  map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 13.2), animate: !reducedMotion })
}
