import {
  AttributionControl,
  Map as MapLibre,
  NavigationControl,
  prewarm,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { roomyBoundsOf, type Bounds } from './bounds.ts'
import { ICON_RATIO, iconImage } from './map-icons.ts'
import { mapStyle, type MapLook } from './map-style.ts'

// A file of this server: a strict policy allows no worker made of a text.
setWorkerUrl(new URL(workerUrl, document.baseURI).href)
// The worker starts while the stations are on their way.
prewarm()

export interface MapTexts {
  readonly title: string
  readonly zoomIn: string
  readonly zoomOut: string
}

/** A map of a city in a place of the page. Asks nobody but this server, except for tiles when they are configured. */
export function createMap(container: HTMLElement, bounds: Bounds, look: MapLook, texts: MapTexts): MapLibre {
  const map = new MapLibre({
    container,
    style: mapStyle(look),
    bounds: roomyBoundsOf(bounds),
    fitBoundsOptions: { padding: 36 },
    minZoom: 7,
    maxZoom: 18,
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: {
      'Map.Title': texts.title,
      'NavigationControl.ZoomIn': texts.zoomIn,
      'NavigationControl.ZoomOut': texts.zoomOut,
    },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
  map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
  map.setMissingStyleImageResolver((id) => {
    const image = iconImage(id)
    if (image !== undefined && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: ICON_RATIO })
  })
  return map
}
