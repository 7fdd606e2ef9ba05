const STREETS = [
  'Alder',
  'Ash',
  'Bay',
  'Beacon',
  'Birch',
  'Bridge',
  'Canal',
  'Cedar',
  'Chapel',
  'Cherry',
  'Church',
  'Clay',
  'College',
  'Depot',
  'Dock',
  'Elm',
  'Ferry',
  'Foundry',
  'Garden',
  'Granary',
  'Grove',
  'Harbor',
  'Hazel',
  'High',
  'Hill',
  'Juniper',
  'King',
  'Lake',
  'Laurel',
  'Liberty',
  'Linden',
  'Maple',
  'Market',
  'Meadow',
  'Mill',
  'Mint',
  'Oak',
  'Orchard',
  'Park',
  'Pearl',
  'Pine',
  'Pond',
  'Poplar',
  'Prospect',
  'Quarry',
  'Rail',
  'Ridge',
  'River',
  'Rose',
  'School',
  'Spring',
  'Spruce',
  'Station',
  'Stone',
  'Summit',
  'Union',
  'Vine',
  'Walnut',
  'Water',
  'Willow',
] as const

/** A name for station `index` (from 0), such as "Alder St & 1st Ave"; no two of the first 6,000 are alike. */
export function stationName(index: number): string {
  const street = STREETS[(index * 7) % STREETS.length] ?? STREETS[0]
  const avenue = Math.floor(index / STREETS.length) + 1
  return `${street} St & ${ordinal(avenue)} Ave`
}

function ordinal(n: number): string {
  const tens = n % 100
  if (tens >= 11 && tens <= 13) return `${n}th`
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`
}
