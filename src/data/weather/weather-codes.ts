/**
 * Meteostat's condition code (coco, 1..27) as WMO 4677, kept within what Open-Meteo reports where it has a code for it,
 * so that a model sees the same codes from both. 27 (storm, which is wind) has none.
 */
export const COCO_TO_WMO: Readonly<Record<number, number>> = {
  1: 0, // clear
  2: 1, // fair
  3: 2, // cloudy
  4: 3, // overcast
  5: 45, // fog
  6: 48, // freezing fog
  7: 61, // light rain
  8: 63, // rain
  9: 65, // heavy rain
  10: 66, // freezing rain
  11: 67, // heavy freezing rain
  12: 68, // sleet
  13: 69, // heavy sleet
  14: 71, // light snowfall
  15: 73, // snowfall
  16: 75, // heavy snowfall
  17: 80, // rain shower
  18: 81, // heavy rain shower
  19: 83, // sleet shower
  20: 84, // heavy sleet shower
  21: 85, // snow shower
  22: 86, // heavy snow shower
  23: 95, // lightning
  24: 96, // hail
  25: 95, // thunderstorm
  26: 97, // heavy thunderstorm
}

/**
 * Conditions in words, as many weather services give them (lower case, words joined by "-", without "-day" or "-night"), as
 * WMO 4677. A kind of precipitation without its strength is taken as slight.
 */
export const TEXT_TO_WMO: Readonly<Record<string, number>> = {
  clear: 0,
  sunny: 0,
  fair: 1,
  'mostly-clear': 1,
  'mainly-clear': 1,
  'mostly-sunny': 1,
  'partly-cloudy': 2,
  'partly-sunny': 2,
  'mostly-cloudy': 3,
  cloudy: 3,
  overcast: 3,
  haze: 5,
  mist: 10,
  fog: 45,
  drizzle: 51,
  'freezing-drizzle': 56,
  'light-rain': 61,
  rain: 61,
  'moderate-rain': 63,
  'heavy-rain': 65,
  'freezing-rain': 66,
  sleet: 68,
  'light-snow': 71,
  snow: 71,
  'moderate-snow': 73,
  'heavy-snow': 75,
  showers: 80,
  'rain-showers': 80,
  'heavy-showers': 81,
  'snow-showers': 85,
  thunderstorm: 95,
  thunderstorms: 95,
  thunder: 95,
  hail: 96,
}

/** The code of a condition in words; undefined for words that are not in the table. */
export function wmoOfText(text: string): number | undefined {
  const words = text.trim().toLowerCase().slice(0, 60)
  const key = words.replaceAll(/[\s_]+/g, '-').replace(/-(?:day|night)$/, '')
  return Object.hasOwn(TEXT_TO_WMO, key) ? TEXT_TO_WMO[key] : undefined
}
