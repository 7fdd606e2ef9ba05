/** Colours of the map; shapes say the same as colours, and each stands 3:1 or more against the land. */
export interface MapColours {
  readonly water: string
  readonly land: string
  readonly border: string
  /** Around the stations. */
  readonly area: string
  /** Dots by how full they are, 0 to 3, and the line around them. */
  readonly ok: readonly [string, string, string, string]
  readonly okLine: string
  readonly risk: string
  readonly out: string
  readonly closed: string
  readonly unknown: string
  /** Around what stands out. */
  readonly halo: string
  readonly chosen: string
  readonly text: string
}

export const MAP_COLOURS: Readonly<Record<'light' | 'dark', MapColours>> = {
  light: {
    water: '#dbe6ed',
    land: '#f6f7f5',
    border: '#a9b4bd',
    area: '#e9eeec',
    ok: ['#f4f8fa', '#bcd0dd', '#83a7bd', '#47799a'],
    okLine: '#3b6883',
    risk: '#c04d00',
    out: '#8a2168',
    closed: '#5f6b76',
    unknown: '#6f7b86',
    halo: '#ffffff',
    chosen: '#0b6390',
    text: '#ffffff',
  },
  dark: {
    water: '#0a1016',
    land: '#18212a',
    border: '#3c4955',
    area: '#1f2a34',
    ok: ['#1a252e', '#2d4a5c', '#457490', '#73abcf'],
    okLine: '#86aec7',
    risk: '#ff9d4d',
    out: '#f092d3',
    closed: '#9aa6b1',
    unknown: '#84919d',
    halo: '#0d141a',
    chosen: '#7fd0ff',
    text: '#0b1218',
  },
}
